/** Text by input name, read with what is expected of it; what is wrong is collected and told at once. */
import { UserError } from '../errors.js';
import type { InputDefinition } from './action-definition.js';

export interface RawInputs {
  readonly definitions: ReadonlyMap<string, InputDefinition>;
  /** What was given; an input that was not has its default. */
  readonly values: ReadonlyMap<string, string>;
  /** What may be given there instead, or says where the run takes place. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export class InputReader {
  readonly #raw: RawInputs;
  readonly #problems: string[];

  /** `problems` are told with those that are found. */
  constructor(raw: RawInputs, problems: readonly string[] = []) {
    this.#raw = raw;
    this.#problems = [...problems];
  }

  problems(): readonly string[] {
    return this.#problems;
  }

  /** Adds a problem; the sentence goes on from the input's name. */
  problem(name: string, sentence: string): void {
    this.#problems.push(`${name}: ${sentence}.`);
  }

  /** The result, if there was no problem. Throws a UserError that lists all there were. */
  finish<T>(result: T | null): T {
    if (this.#problems.length > 0 || result === null) throw new UserError(this.#problems.join('\n'));
    return result;
  }

  /** Names of the inputs that somebody set to something else than their default. */
  given(): string[] {
    return [...this.#raw.values]
      .filter(([name, value]) => value.trim() !== '' && value !== this.#raw.definitions.get(name)?.default)
      .map(([name]) => name);
  }

  text(name: string): string | null {
    const value = (this.#raw.values.get(name) ?? this.#raw.definitions.get(name)?.default ?? '').trim();
    return value === '' ? null : value;
  }

  /** With the blanks at its ends, which mean something. */
  verbatim(name: string): string | null {
    const value = this.#raw.values.get(name) ?? '';
    return value.trim() === '' ? null : value;
  }

  environment(name: string): string | null {
    return this.#raw.environment?.[name]?.trim() || null;
  }

  required(name: string, meaning: string): string {
    const value = this.text(name);
    if (value === null) this.problem(name, `is missing. Give ${meaning}`);
    return value ?? '';
  }

  /** Items between commas, blanks or lines. */
  list(name: string): string[] {
    return (this.text(name) ?? '').split(/[\s,]+/).filter((item) => item !== '');
  }

  /** Items on lines of their own: a path may hold blanks and commas. */
  lines(name: string): string[] {
    return (this.text(name) ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  }

  wholeNumber(name: string, { from, to }: { from: number; to: number }): number | null {
    const value = this.text(name);
    if (value === null) return null;
    if (/^\d{1,9}$/.test(value) && Number(value) >= from && Number(value) <= to) return Number(value);
    this.problem(name, `"${value}" is not a whole number from ${from} to ${to}`);
    return null;
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T | null {
    const value = this.text(name);
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    this.problem(
      name,
      `${value === null ? 'is empty' : `"${value}" is unknown`}. It is one of ${words.join(', ')}`,
    );
    return null;
  }
}

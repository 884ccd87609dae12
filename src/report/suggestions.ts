/** Takes a report and gives what could be written instead of a name that is not there, where one alone is near. */
import type { Report, SqlProblem } from '../model.js';
import { collectFailures } from './failures.js';

export interface Suggestion {
  /** What `path` is relative to. */
  readonly folder: string;
  readonly path: string;
  /** Both count from 1; without a column the name is looked for in the line. */
  readonly line: number;
  readonly column: number | null;
  /** As Postgres names it in its message. */
  readonly missing: string;
  /** As a statement writes it. */
  readonly instead: string;
}

/** Each place once. */
export function findSuggestions(report: Report): Suggestion[] {
  const found = collectFailures(report).flatMap(({ problem }) => {
    const names = problem === null ? null : readNames(problem);
    if (problem === null || problem.line === null || names === null) return [];
    const { path, line, column } = problem;
    return [{ folder: report.bundle.folder, path, line, column, ...names }];
  });
  return [...new Map(found.map((one) => [JSON.stringify([one.path, one.line, one.column]), one])).values()];
}

/** `Did you mean "Odd Name" of rooms?`, `Did you mean chat.is_member(integer,uuid)?`; of several nobody can say which. */
const oneName = /(?:^| )Did you mean ((?:"[^"]+"|[^\s"(?])+)(?:\([^?]*\))?(?: of (?:(?! or ).)+)?\?$/s;

/** Postgres' own, of a column: `Perhaps you meant to reference the column "m.sender".` */
const oneColumn = /^Perhaps you meant to reference the column "(?:[^".]+\.)?([a-z_][a-z0-9_$]*)"\.$/;

const absent =
  /^[a-z ]+ (?:"(?<quoted>[^"]+)"|(?<bare>[^"( ]+))(?:\(.*\))?(?: of relation ".*")? does not exist$/s;

/** Of what the statement itself names, not a function that it calls. */
export function readNames({
  hint,
  message,
  inner,
}: SqlProblem): Pick<Suggestion, 'missing' | 'instead'> | null {
  const instead = (oneName.exec(hint ?? '') ?? oneColumn.exec(hint ?? ''))?.[1];
  const { quoted, bare } = absent.exec(message)?.groups ?? {};
  const missing = quoted ?? bare;
  return instead === undefined || missing === undefined || inner != null ? null : { missing, instead };
}

/** The line as it would be; null where the name is not in it, or more than once. */
export function rewriteLine(text: string, { column, missing, instead }: Suggestion): string | null {
  const names = [
    ...text.matchAll(/(?:"[^"]+"|[\p{L}_][\p{L}\p{N}_$]*)(?:\.(?:"[^"]+"|[\p{L}_][\p{L}\p{N}_$]*))*/gu),
  ];
  const fitting = names.filter(
    ({ 0: written, index }) => isNamed(written, missing) && (column === null || index === column - 1),
  );
  const [only] = fitting;
  if (only === undefined || fitting.length > 1) return null;
  const [written] = only;
  // A column keeps the alias that it was named by.
  const alias = instead.includes('.')
    ? ''
    : written.slice(0, written.length - (written.split('.').at(-1) ?? '').length);
  const replaced = alias + instead;
  return text.slice(0, only.index) + replaced + text.slice(only.index + written.length);
}

/** Postgres writes names without quotes and folds those that had none; some messages leave out the alias. */
function isNamed(written: string, missing: string): boolean {
  const plain = written
    .split('.')
    .map((part) => (part.startsWith('"') ? part.slice(1, -1) : part.toLowerCase()))
    .join('.');
  return plain === missing || plain.endsWith(`.${missing}`);
}

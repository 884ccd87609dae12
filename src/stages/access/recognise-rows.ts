/** Rows as they were and as they are → which became which: where they were, and in the tables that the manifest lets them move to. */
import type { Fact, Preserved } from '../../model.js';
import type { Observation, Row, Sight } from './observation.js';

export interface Place {
  readonly table: string;
  readonly row: number;
}

/** Rows that may move, and what they are recognised by. */
type Movable = Pick<Preserved, 'from' | 'to' | 'merge' | 'facts'>;

export interface Kinship {
  /** Table → for each of its rows before, what it is now. */
  readonly images: ReadonlyMap<string, readonly (readonly Place[])[]>;
  /** Table → for each of its rows now, what it was. */
  readonly sources: ReadonlyMap<string, readonly (readonly Place[])[]>;
}

/**
 * Whether a row is what another became: this share of what it said, weighed by how rarely it is said. A repaired row may say
 * some things in other words.
 */
const leastShare = 0.4;
/** The same for a row that became part of another, which the manifest allows for some kinds of row. */
const leastShareOfMerged = 0.6;

export function recogniseRows(
  before: Observation,
  after: Observation,
  preserve: readonly Movable[],
): Kinship {
  const images = new Map([...before.sights].map(([table, { rows }]) => [table, rows.map((): Place[] => [])]));
  const sources = new Map([...after.sights].map(([table, { rows }]) => [table, rows.map((): Place[] => [])]));
  for (const [table, sight] of before.sights) {
    const found = destinations(table, preserve).flatMap((target) => {
      const now = after.sights.get(target);
      if (now === undefined) return [];
      const isSameTable = target === table;
      const kinds = preserve
        .filter(({ from, to }) => from.includes(table) && to.includes(target))
        .map((kind) => ({ ...kind, ids: idsOf(before, kind) }));
      return [{ target, isSameTable, matches: match(sight, now, { isSameTable, kinds }) }];
    });
    for (const row of sight.rows.keys()) {
      const here = found.flatMap(({ target, isSameTable, matches }) => {
        const one = matches.get(row);
        return one === undefined ? [] : [{ target, isSameTable, ...one }];
      });
      const best = Math.max(...here.map(({ share }) => share));
      for (const { target, isSameTable, image, share } of here) {
        // What resembles a row where it was is another one, if it resembles more what is elsewhere.
        if (isSameTable && share < best) continue;
        images.get(table)?.[row]?.push({ table: target, row: image });
        sources.get(target)?.[image]?.push({ table, row });
      }
    }
  }
  return { images, sources };
}

function destinations(table: string, preserve: readonly Movable[]): string[] {
  const moves = preserve.filter(({ from }) => from.includes(table)).flatMap(({ to }) => to);
  return [...new Set([table, ...moves])];
}

/** A kind of row, and the ids that its facts, by name, were written as before the fix. */
type Kind = Movable & { readonly ids: ReadonlyMap<string, ReadonlySet<string>> };

function idsOf({ sights }: Observation, { from, facts }: Movable): Kind['ids'] {
  const rows = from.flatMap((table) => sights.get(table)?.rows ?? []);
  const known = facts.filter(isRewritten).map((fact): [string, Set<string>] => {
    const ids = rows.flatMap((row) => factOf(row, fact) ?? []);
    return [fact.name, new Set(ids)];
  });
  return new Map(known);
}

/** In place each row is one row; where rows move to, several may become one. */
function match(
  before: Sight,
  after: Sight,
  { isSameTable, kinds }: { readonly isSameTable: boolean; readonly kinds: readonly Kind[] },
): Map<number, Match> {
  const found = new Map<number, Match>();
  const taken = new Set<number>();
  if (isSameTable) {
    for (const [row, image] of equals(before.rows, after.rows)) {
      found.set(row, { image, share: 1 });
      taken.add(image);
    }
  }
  const left = [...before.rows.keys()].filter((row) => !found.has(row));
  if (left.length === 0) return found;
  const rewritten = kinds.flatMap(({ facts }) => facts.filter(isRewritten));
  const pairs = resemblances(before.rows, after.rows, { left, rewritten })
    .filter(({ row, image }) => kinds.every((kind) => agree(before.rows[row], after.rows[image], kind)))
    .sort((one, other) => other.share - one.share);
  for (const { row, image, share } of pairs) {
    if (found.has(row) || (isSameTable && taken.has(image))) continue;
    found.set(row, { image, share });
    taken.add(image);
  }
  if (!kinds.some(({ merge }) => merge)) return found;
  for (const { row, image, share } of pairs) {
    if (!found.has(row) && share >= leastShareOfMerged) found.set(row, { image, share });
  }
  return found;
}

/**
 * Whether two rows may be one, by the facts that the manifest names: what is known of both must be the same. A word becomes no id
 * that stood in other rows already.
 */
function agree(before: Row | undefined, after: Row | undefined, { facts, ids }: Kind): boolean {
  return facts.filter(isFixed).every((fact) => {
    const [was, is] = [factOf(before, fact), factOf(after, fact)];
    if (was === null && is !== null && before !== undefined && wordOf(before, fact) !== null) {
      return !ids.get(fact.name)?.has(is) || saysId(before, fact, is);
    }
    return was === null || is === null || was === is;
  });
}

/** Whether an id that is none, `lobby`, becomes one. */
function isRewritten({ type, normalise: made }: Fact): boolean {
  return type === 'uuid' && made !== null;
}

/** Whether an older column of the row says the id. */
function saysId({ values }: Row, { columns }: Fact, id: string): boolean {
  return columns.some((column) => idOf(values.get(column) ?? '') === id);
}

/** Whether the fix may not make something else of the value; an id that is one stays what it is. */
function isFixed({ type, normalise: made, comparedAs, gap, isMadeUnique }: Fact): boolean {
  return comparedAs === null && gap === null && !isMadeUnique && (made === null || type === 'uuid');
}

/** A time may be written in many ways, and an id that is none may become one. */
function factOf(row: Row | undefined, fact: Fact): string | null {
  if (row === undefined || fact.type === 'timestamptz') return null;
  const value = wordOf(row, fact);
  if (value === null) return null;
  return fact.type === 'uuid' ? idOf(value) : normalise(value);
}

export function wordOf({ values }: Row, { columns }: Fact): string | null {
  const value = columns.map((column) => values.get(column) ?? null).find((one) => one !== null);
  return value == null || value === '' ? null : value;
}

function idOf(value: string): string | null {
  const digits = value.replace(/[{}\s-]/g, '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) ? digits : null;
}

function equals(before: readonly Row[], after: readonly Row[]): [number, number][] {
  const known = new Map<string, number[]>();
  for (const [index, row] of after.entries()) {
    const text = textOf(row);
    const same = known.get(text);
    if (same === undefined) known.set(text, [index]);
    else same.push(index);
  }
  return before.flatMap((row, index): [number, number][] => {
    const image = known.get(textOf(row))?.shift();
    return image === undefined ? [] : [[index, image]];
  });
}

const textOf = ({ values }: Row): string => JSON.stringify([...values]);

interface Match {
  readonly image: number;
  /** Of what the row said, the part that its image says too: from 0 to 1. */
  readonly share: number;
}

interface Resemblance extends Match {
  readonly row: number;
}

/**
 * Past this many rows that say the same, a value tells nothing; up to the first number it is asked for at once, up to the second
 * where no rarer one has led to a row.
 */
const alike = [50, 2000];

function resemblances(
  before: readonly Row[],
  after: readonly Row[],
  { left, rewritten }: { readonly left: readonly number[]; readonly rewritten: readonly Fact[] },
): Resemblance[] {
  const holders = new Map<string, Set<number>>();
  for (const [index, row] of after.entries()) {
    for (const value of wordsOf(row)) {
      const known = holders.get(value);
      if (known === undefined) holders.set(value, new Set([index]));
      else known.add(index);
    }
  }
  const frequencies = new Map<string, number>();
  const wordsBefore = before.map(wordsOf);
  for (const words of wordsBefore) {
    for (const word of words) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  }
  return left.flatMap((row) => {
    const said = before[row] as Row;
    // A word that became an id is said nowhere any more, whichever row is the image.
    const gone = new Set(
      rewritten.flatMap((fact) => {
        const word = wordOf(said, fact);
        return word !== null && idOf(word) === null && !holders.has(normalise(word)) ? [normalise(word)] : [];
      }),
    );
    const words = [...(wordsBefore[row] as Set<string>)].filter((word) => !gone.has(word));
    const weights = words.map((word) => 1 / (frequencies.get(word) ?? 1));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const found = words.flatMap((word, position) => {
      const having = holders.get(word);
      return having === undefined ? [] : [{ having, weight: (weights[position] as number) / whole }];
    });
    for (const most of alike) {
      const near = candidatesAmong(found.filter(({ having }) => having.size <= most)).flatMap((image) => {
        const share = found.reduce((sum, { having, weight }) => sum + (having.has(image) ? weight : 0), 0);
        return share >= leastShare ? [{ row, image, share }] : [];
      });
      if (near.length > 0) return near;
    }
    return [];
  });
}

function candidatesAmong(found: readonly { readonly having: ReadonlySet<number> }[]): number[] {
  return [...new Set(found.flatMap(({ having }) => [...having]))];
}

/** What a row says, whatever its columns are called: capitals, blanks and the way a time is written are no difference. */
function wordsOf({ values }: Row): Set<string> {
  const words = new Set<string>();
  for (const value of values.values()) {
    if (value !== null && value !== '') words.add(normalise(value));
  }
  return words;
}

export function normalise(value: string): string {
  // Of most values the fifth character tells that they are no time.
  const time =
    value[4] !== '-'
      ? null
      : /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(?:\+00(?::?00)?|Z)?$/.exec(value);
  return time === null ? value.trim().toLowerCase() : `${time[1]} ${time[2]}${time[3] ?? ''}`;
}

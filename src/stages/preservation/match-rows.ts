/** Rows that are pending and rows that are loose → the pairs of which the one may have become the other, taken from both. */
import { quoteLiteral } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import type { Fact, Preserved } from '../../model.js';
import { type Column, columnsCalled } from './read-shapes.js';
import { columnNow, columnsAsWritten, columnsBeside, factOfColumn, type Noted } from './row-texts.js';

/** How a row is looked for in one place: which of its values must be there, and which may be otherwise. */
export interface Comparison {
  readonly noted: Noted;
  /** The columns of the place; null: the quarantine, which holds whatever was put there. */
  readonly columns: readonly Column[] | null;
  /** Whether the place is the table that the row was in. */
  readonly isHome: boolean;
  /** Columns and facts that need not be the same. */
  readonly yields: readonly string[];
  /** Whether the row there may be another, with columns of its own. */
  readonly isMerged?: boolean;
  /** Only rows that may be put into quarantine for this reason, a bit of them. */
  readonly aside?: number;
}

/** Facts, a bit each, that became something else, were normalised, or are told by another column than before. */
export interface Variant {
  readonly free: number;
  readonly alt: number;
  readonly flex: number;
}

export const exactly: Variant = { free: 0, alt: 0, flex: 0 };

/** SQL for one number that is the same of a noted row (`n`) and of a found one (`f`), if the one may have become the other. */
export function signaturesOf(comparison: Comparison, variant: Variant): { noted: string; found: string } {
  const pairs = pairsOf(comparison, variant);
  const sum = (parts: readonly string[]) =>
    `pg_catalog.hash_array_extended(array[${['0', ...parts].join(', ')}]::pg_catalog.int8[], 0)`;
  return { noted: sum(pairs.map(({ noted }) => noted)), found: sum(pairs.map(({ found }) => found)) };
}

/** SQL for the names of the columns in which a noted row (`n`) and a found one (`f`) differ though they may not. */
export function differingColumnsOf(comparison: Comparison): string {
  const { noted } = comparison;
  const { facts } = noted.allowance;
  const names = pairsOf(comparison, exactly).map(({ name, fact, noted: before, found: after }) => {
    const next = noted.columns.length + facts.length + fact + 1;
    const isAllowed =
      fact < 0
        ? ''
        : ` and n.free & f.fits & ${1 << fact} = 0 and (n.vals[${next}] is null or n.vals[${next}] is distinct from f.vals[${next}])`;
    const why = fact < 0 ? null : whyNot(facts[fact] as Fact, `n.vals[${next}]`);
    const told = why === null ? quoteLiteral(name) : `${quoteLiteral(name)} || ${why}`;
    return `case when ${before} is distinct from ${after}${isAllowed} then ${told} end`;
  });
  return `array_remove(array[${names.join(', ')}]::text[], null)`;
}

/** Words by which advice knows it. */
export const givesAnother = 'normalise gives another value';

/** SQL for what a fact that lets a value become another says of this one; null: it lets it become none. */
function whyNot({ name, normalise, comparedAs }: Fact, given: string): string | null {
  if (normalise === null || comparedAs !== null) return null;
  const say = (what: string) => quoteLiteral(` (fact ${name}: ${what})`);
  return `case when ${given} is null then ${say('normalise gives nothing')} else ${say(givesAnother)} end`;
}

export interface Pair {
  readonly name: string;
  /** The place of the fact that may be otherwise, or -1. */
  readonly fact: number;
  readonly noted: string;
  readonly found: string;
}

/** What has to be equal. */
export function pairsOf(comparison: Comparison, { free, alt, flex }: Variant): Pair[] {
  const { noted, columns, isHome, yields } = comparison;
  const { facts, leaves } = noted.allowance;
  const count = noted.columns.length;
  const left = (name: string, place: number) => leftBehind(leaves[name], `n.vals[${place}]`);

  const ofColumns = noted.columns.flatMap((column, index): Pair[] => {
    const fact = factOfColumn(facts, noted.columns, column.name);
    const name = facts[fact]?.name ?? column.name;
    if (yields.includes(name) || yields.includes(column.name)) return [];
    if (!isHome && columns !== null && leaves[column.name] === 'anew') return [];
    const isFlexible = isFirst(noted, columns, column, fact);
    if (isFlexible && (free | alt | flex) & (1 << fact)) return [];
    // Whatever it may be computed from has changed.
    if (column.isGenerated && free + alt + flex > 0) return [];
    const place = index + 1;
    const pair = { name: column.name, fact: isFlexible ? fact : -1 };
    if (columns !== null && !isThere(noted, columns, column, fact)) {
      return [{ ...pair, noted: left(name, place), found: 'null' }];
    }
    if (!isHome && columns !== null && fact >= 0) {
      // Elsewhere another of the names may tell the fact; what a column says beside it must be under its own.
      const other = count + fact + 1;
      const beside = (row: string) => `nullif(${row}.vals[${place}], ${row}.vals[${other}])`;
      return [{ ...pair, noted: beside('n'), found: beside('f') }, ...asWritten(comparison, column, pair)];
    }
    return [
      { ...pair, noted: `n.vals[${place}]`, found: `f.vals[${place}]` },
      ...asWritten(comparison, column, pair),
    ];
  });
  const ofFacts = facts.map((fact, index): Pair | null => {
    if (yields.includes(fact.name) || free & (1 << index)) return null;
    const place = count + index + 1 + (alt & (1 << index) ? facts.length : 0);
    const isMissing = columns !== null && columnsCalled(columns, fact.columns).length === 0;
    const name = columnsCalled(noted.columns, fact.columns)[0]?.name ?? fact.name;
    if (isMissing) return { name, fact: index, noted: left(fact.name, place), found: 'null' };
    return { name, fact: index, noted: `n.vals[${place}]`, found: `f.vals[${place}]` };
  });
  return [...ofColumns, ...ofFacts, ...besidePairs(comparison)].filter((pair) => pair !== null);
}

/**
 * The value as its type writes it, which JSON does not tell, where the place has it in the same type. Elsewhere several columns may
 * tell a fact, and which of them does is compared in words alone.
 */
function asWritten(
  { noted, columns, isHome }: Comparison,
  column: Column,
  pair: Pick<Pair, 'name' | 'fact'>,
): Pair[] {
  const { facts } = noted.allowance;
  const index = columnsAsWritten(noted.columns).indexOf(column);
  const fact = facts[factOfColumn(facts, noted.columns, column.name)];
  const isShared = columnsCalled(noted.columns, fact?.columns ?? []).length > 1;
  if (index < 0 || columns === null || (!isHome && isShared)) return [];
  if (columnNow(noted, columns, column.name)?.type !== column.type) return [];
  const place = noted.columns.length + 2 * facts.length + index + 1;
  return [{ ...pair, noted: `n.vals[${place}]`, found: `f.vals[${place}]` }];
}

/** As a report tells what a row in quarantine says more than the row did. */
const otherKeys = 'other keys of row_data';

/** What the row has now and had not has to say nothing. */
function besidePairs({ noted, columns, isMerged = false }: Comparison): Pair[] {
  if (isMerged) return [];
  const written = columnsAsWritten(noted.columns).length;
  const first = noted.columns.length + 2 * noted.allowance.facts.length + written + 1;
  const names = columns === null ? [otherKeys] : columnsBeside(noted, columns).map(({ name }) => name);
  return names.map((name, index) => ({
    name,
    fact: -1,
    noted: '0',
    found: `f.vals[${first + index}]`,
  }));
}

/** Where a place has no such column: null instead of what may be left behind. */
function leftBehind(values: Preserved['leaves'][string] | undefined, value: string): string {
  if (values === 'any' || values === 'anew') return 'null';
  if (values === undefined || values.length === 0) return value;
  const numbers = values.map((text) => `pg_catalog.hashtextextended(${quoteLiteral(text)}, 0)`);
  return `case when ${value} in (${numbers.join(', ')}) then null else ${value} end`;
}

/** Whether the column is the one whose value a fact is given: the others that tell it must stay as they are. */
function isFirst(noted: Noted, columns: readonly Column[] | null, column: Column, fact: number): boolean {
  const names = noted.allowance.facts[fact]?.columns;
  if (names === undefined) return false;
  const [before] = columnsCalled(noted.columns, names);
  if (columns === null) return before === column;
  const [after] = columnsCalled(columns, names);
  if (after?.name === column.name) return true;
  const isKept = columns.some(({ name }) => name === column.name);
  return before === column && !isKept && !noted.columns.some(({ name }) => name === after?.name);
}

function isThere(noted: Noted, columns: readonly Column[], column: Column, fact: number): boolean {
  const names = noted.allowance.facts[fact]?.columns ?? [];
  return columns.some(({ name }) => name === column.name) || columnsCalled(columns, names).length > 0;
}

/** Loose rows of a place in terms of what was noted of a table, to be matched with its rows. */
export async function collectFound(session: Session, place: number, projection: string): Promise<void> {
  const { rows } = await session.query(
    `with emptied as (delete from pg_temp.schema_fix_found)
     select from pg_temp.schema_fix_loose where tbl = $1 limit 1`,
    [place],
  );
  // All rows of the place would be read to find none of them.
  if (rows.length === 0) return;
  await session.query(
    `insert into pg_temp.schema_fix_found
     select l.ctid, a.vals, a.fits, a.label
     from (${projection}) as a
     inner join pg_temp.schema_fix_loose as l on l.tbl = ${place} and l.part = a.part and l.place = a.place`,
  );
}

/** SQL for the facts, a bit each, that are made unique and of which a noted row (`n`) says another now than the value that it shared. */
function givenUpBy({ noted }: Comparison, { free }: Variant): string {
  const { facts } = noted.allowance;
  const bits = facts.flatMap(({ isMadeUnique }, index) => {
    if (!isMadeUnique || !(free & (1 << index))) return [];
    const place = noted.columns.length + index + 1;
    const other = `n.vals[${place + facts.length}]`;
    const isAnother = `f.vals[${place}] is distinct from n.vals[${place}] and (${other} is null or f.vals[${place + facts.length}] is distinct from ${other})`;
    return [`n.shared & ((${isAnother})::int << ${index})`];
  });
  return bits.length === 0 ? '0' : `(${bits.join(' | ')})`;
}

/** Takes each pair from the pending and from the loose rows, and notes what is in quarantine now; returns how many pairs there are. */
export async function takePairs(
  session: Session,
  index: number,
  comparison: Comparison,
  variant: Variant,
): Promise<number> {
  const signatures = signaturesOf(comparison, variant);
  const givenUp = givenUpBy(comparison, variant);
  const { rows } = await session.query<{ pairs: string }>(
    `with b as (
         select s.pending, s.signature, pg_catalog.row_number() over (partition by s.signature order by s.pending) as copy
         from (
             select p.ctid as pending, ${signatures.noted} as signature
             from pg_temp.schema_fix_pending as p
             inner join pg_temp.schema_fix_rows as n on n.ctid = p.place
             where p.tbl = $1 and n.free & ~p.held & $2 = $2 and n.alt & $3 = $3 and n.flex & $4 = $4 and n.aside & $6 = $6
         ) as s
     ),
     a as (
         select s.loose, s.signature, pg_catalog.row_number() over (partition by s.signature order by s.loose) as copy
         from (
             select f.loose, ${signatures.found} as signature
             from pg_temp.schema_fix_found as f
             where f.fits & $2 = $2
         ) as s
     ),
     pairs as materialized (select b.pending, a.loose from b inner join a using (signature, copy)),
     settled as (
         delete from pg_temp.schema_fix_pending where ctid in (select pending from pairs) returning tbl, place
     ),
     kept as (
         insert into pg_temp.schema_fix_kept select tbl, place, $6 from settled where $5
     ),
     given as (
         insert into pg_temp.schema_fix_given
         select p.tbl, p.place, ${givenUp}
         from pairs
         inner join pg_temp.schema_fix_pending as p on p.ctid = pairs.pending
         inner join pg_temp.schema_fix_rows as n on n.ctid = p.place
         inner join pg_temp.schema_fix_found as f on f.loose = pairs.loose
         where ${givenUp} <> 0
     ),
     taken as (
         delete from pg_temp.schema_fix_loose where ctid in (select loose from pairs)
     ),
     used as (
         delete from pg_temp.schema_fix_found where loose in (select loose from pairs)
     )
     select count(*) as pairs from pairs`,
    [index, variant.free, variant.alt, variant.flex, comparison.columns === null, comparison.aside ?? 0],
  );
  return Number(rows[0]?.pairs);
}

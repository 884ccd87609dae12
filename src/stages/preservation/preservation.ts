/** Every row of the database, noted before the fix and looked for after it → what became of each. */
import { count, counted } from '../../counted.js';
import { engineSql } from '../../database/engine-sql.js';
import { accessToTable, isReadableTable, quoteTable } from '../../database/table-names.js';
import type { Session } from '../../database/with-session.js';
import { describeProblem, SqlError } from '../../errors.js';
import type { Bundle, Fact, PreservationResult, Preserved } from '../../model.js';
import { compareDatabase, type DatabaseNotes, noteDatabase } from './compare-database.js';
import type { EarlyRows } from './note-early.js';
import type { NoteOptions } from './plan-comparison.js';
import {
  type ColumnTypes,
  digestOf,
  labelOf,
  maskOf,
  projectQuarantine,
  projectTable,
} from './project-facts.js';
import {
  describeDoors,
  describeUnsaid,
  describeUnusableQuarantine,
  findQuarantine,
  lookIntoQuarantine,
} from './quarantine.js';
import type { CatalogNotes } from './read-catalogs.js';
import { readSeal } from './read-seal.js';
import { type FateRow, sumFates, toResult, withContent, withThoseLeft } from './sum-fates.js';
import { describeDisabled, noteTriggers, type Triggers } from './triggers.js';
import { withPlainText } from './with-plain-text.js';

/** What has to be known of the rows as they were. */
export interface RowNotes {
  readonly database: DatabaseNotes;
  /** Tables whose rows could not be noted because this role may not read them. */
  readonly unreadable: readonly string[];
  readonly triggers: Triggers;
  /** What tells that nobody but us has written into the tables in which the rows are noted. */
  readonly seal: string;
}

/** A row has arrived where what it is known by is found; what else it says, and may say otherwise, is the comparison's matter. */
function forArrival(bundle: Bundle): Bundle {
  const preserve = bundle.preserve.map((preserved) => ({
    ...preserved,
    facts: preserved.facts.filter(
      (fact) => (preserved.by.length === 0 || preserved.by.includes(fact.name)) && staysTheSame(fact),
    ),
  }));
  return { ...bundle, preserve };
}

/** What is no uuid is no fact under `uuid`, which alone `normalise` is asked of. */
function staysTheSame({ type, normalise, gap, comparedAs, isMadeUnique }: Fact): boolean {
  return (normalise === null || type === 'uuid') && gap === null && comparedAs === null && !isMadeUnique;
}

/** To be called in the transaction that the fix is then applied in: what is noted ends with it. */
export async function noteRows(
  session: Session,
  whole: Bundle,
  options: NoteOptions & { readonly catalogs: CatalogNotes; readonly early: EarlyRows | null },
): Promise<RowNotes> {
  const bundle = forArrival(whole);
  await session.query(
    `create temporary table schema_fix_before (kind int, source int, mask int, digest int8, label text) on commit drop`,
  );
  const imported = await listImported(session, bundle);
  for (const [kind, preserved] of bundle.preserve.entries()) {
    if (!isLookedFor(preserved)) continue;
    const places = preserved.from.filter(
      (table) => preserved.to.includes(table) || !imported.includes(table),
    );
    for (const { source, projection } of await projections(session, bundle, preserved, places)) {
      // `offset 0` has the facts of a row worked out once, not again for the mask, the digest and the label.
      await session.query(
        `insert into pg_temp.schema_fix_before
         select $1, $2, ${maskOf(preserved.facts)}, ${digestOf(preserved.facts)}, ${labelOf(preserved.facts)}
         from (${projection} offset 0) as r`,
        [kind, source],
      );
    }
  }
  const unreadable = await listUnreadable(session, bundle);
  const database = await noteDatabase(session, whole, options);
  return { unreadable, triggers: await noteTriggers(session), database, seal: await readSeal(session) };
}

/** A kind whose rows all may stay where they are is proven by the comparison alone. The rows of the others have to arrive. */
function staysWithin({ from, to }: Preserved): boolean {
  return from.every((table) => to.includes(table));
}

/** By the facts that arrival asks; where none stays the same, the comparison knows which rows have left. */
const isLookedFor = (asked: Preserved): boolean => !staysWithin(asked) && asked.facts.length > 0;

/** Tables that an earlier run read once and for all: who has left since then is not to come back. */
async function listImported(session: Session, { imported }: Bundle): Promise<string[]> {
  if (imported === null || !(await isReadableTable(session, imported))) return [];
  const { rows } = await session.query<{ name: string }>(
    `select source_table as name from ${quoteTable(imported)}`,
  );
  return rows.map(({ name }) => name);
}

async function listUnreadable(session: Session, bundle: Bundle): Promise<string[]> {
  const unreadable: string[] = [];
  for (const table of new Set(bundle.preserve.flatMap(({ from }) => from))) {
    if ((await accessToTable(session, table)) === 'unreadable') unreadable.push(table);
  }
  return unreadable;
}

export interface AccountOptions {
  /** Whether all sections were applied: only then must every row have come to where it belongs. */
  readonly isWholeFix: boolean;
  /** How many rows the state expects in quarantine, or null. */
  readonly expectedQuarantine: number | null;
  /** What `noteRows` returned. */
  readonly notes: RowNotes;
  /** Whether a table that this transaction has not written into need not be read again. */
  readonly trustsCounters: boolean;
}

/** In the same transaction, after the fix. `quarantineBefore` comes from `countQuarantine`, called before it. */
export async function accountForRows(
  session: Session,
  whole: Bundle,
  quarantineBefore: number,
  options: AccountOptions,
): Promise<PreservationResult> {
  if ((await readSeal(session)) !== options.notes.seal) throw new SqlError(tampered);
  await session.query(
    'create temporary table schema_fix_after (kind int, source int, mask int, digest int8) on commit drop',
  );
  const bundle = forArrival(whole);
  for (const [kind, preserved] of bundle.preserve.entries()) {
    if (isLookedFor(preserved)) await findRows(session, bundle, kind, options);
  }
  const sources = listSources(bundle);
  const { rows } = await withPlainText(session, () =>
    session.query<FateRow>(engineSql('preservation'), [
      sources.indexOf(bundle.quarantine ?? ''),
      [...bundle.preserve.keys()].filter((kind) => bundle.preserve[kind]?.merge),
    ]),
  );
  const compared = await compareDatabase(session, whole, options.notes.database, options);
  // Of all facts, also those of which arrival asks nothing.
  const kinds = whole.preserve.map((preserved, index) => {
    const arrival = rows.find(({ kind }) => kind === index);
    if (staysWithin(preserved)) return sumFates(preserved, compared);
    if (!isLookedFor(bundle.preserve[index] as Preserved))
      return options.isWholeFix ? withThoseLeft(preserved, compared) : sumFates(preserved, compared);
    return withContent(toResult(preserved.name, sources, arrival), sumFates(preserved, compared));
  });
  const quarantine = await lookIntoQuarantine(session, bundle, {
    before: quarantineBefore,
    expected: options.expectedQuarantine,
  });
  const reason =
    describeUnreadable(options.notes.unreadable) ??
    (await describeUnusableQuarantine(session, bundle)) ??
    describeDisabled(options.notes.triggers, await noteTriggers(session)) ??
    describeQuarantine(quarantine) ??
    (await describeUnlogged(session, bundle)) ??
    (await describeDoors(session, bundle)) ??
    (await describeUnsaid(session, bundle));
  const { result: comparison } = compared;
  const isPassed =
    kinds.every(({ outcome }) => outcome === 'pass') && comparison.outcome === 'pass' && reason === null;
  return { outcome: isPassed ? 'pass' : 'fail', comparison, kinds, quarantine, reason };
}

/** Why rows that were moved would be gone with the next crash or failover, or null. */
async function describeUnlogged(session: Session, { preserve, quarantine }: Bundle): Promise<string | null> {
  const places = [...preserve.filter((kind) => !staysWithin(kind)).flatMap(({ to }) => to), quarantine];
  const { rows } = await session.query<{ name: string }>(
    `select distinct t.name
     from unnest($1::text[], $2::text[]) as t (name, quoted)
     inner join pg_catalog.pg_class as c on c.oid = pg_catalog.to_regclass(t.quoted)
     where c.relpersistence <> 'p'
     order by 1`,
    [places, places.map((place) => place && quoteTable(place))],
  );
  if (rows.length === 0) return null;
  const names = rows.map(({ name }) => name).join(', ');
  return `${names} ${rows.length === 1 ? 'is' : 'are'} unlogged: the rows that were moved there are gone after a crash or a failover. Make ${rows.length === 1 ? 'it an ordinary table' : 'them ordinary tables'}`;
}

/** What somebody did who wrote into the engine's notes. */
export const tampered = describeProblem({
  path: 'the notes of the engine',
  // object_not_in_prerequisite_state
  sqlstate: '55000',
  message:
    'The fix has changed temporary tables in which the engine had noted the rows (pg_temp.schema_fix_…), so nobody knows what became of them.',
  advice: 'Take out what writes there, or call temporary tables of the fix otherwise.',
});

function describeUnreadable(tables: readonly string[]): string | null {
  if (tables.length === 0) return null;
  return `the deployer may not read ${tables.join(', ')}, so nobody knows what became of the rows`;
}

function describeQuarantine(quarantine: PreservationResult['quarantine']): string | null {
  if (quarantine?.expected == null || quarantine.expected === quarantine.actual) return null;
  return `the state expects ${counted(quarantine.expected, 'row')} in quarantine; there ${quarantine.actual === 1 ? 'is' : 'are'} ${count(quarantine.actual)}`;
}

/** A row found is noted once under each set of known facts that some row had before, so that the two can be compared. */
async function findRows(
  session: Session,
  bundle: Bundle,
  kind: number,
  { isWholeFix }: AccountOptions,
): Promise<void> {
  const preserved = bundle.preserve[kind] as Preserved;
  const places = isWholeFix ? preserved.to : [...new Set([...preserved.to, ...preserved.from])];
  for (const { source, projection } of await projections(session, bundle, preserved, places)) {
    await session.query(
      `insert into pg_temp.schema_fix_after
       select
           $1, $2, m.mask,
           case when r.known = m.mask then ${digestOf(preserved.facts)} else ${digestOf(preserved.facts, 'm.mask')} end
       from (select *, ${maskOf(preserved.facts)} as known from (${projection} offset 0) as r) as r
       inner join (select distinct mask from pg_temp.schema_fix_before where kind = $1) as m
           on r.known & m.mask = m.mask`,
      [kind, source],
    );
  }
}

/** Where rows are noted is kept as a number, the place in this list: a name beside every row would take more room than it. */
function listSources({ preserve, quarantine }: Bundle): string[] {
  const tables = new Set(preserve.flatMap(({ from, to }) => [...from, ...to]));
  return quarantine === null ? [...tables] : [...tables, quarantine];
}

async function projections(
  session: Session,
  bundle: Bundle,
  preserved: Preserved,
  tables: readonly string[],
): Promise<{ source: number; projection: string }[]> {
  const sources = listSources(bundle);
  const found = [];
  for (const table of tables) {
    if (!(await isReadableTable(session, table))) continue;
    const projection = projectTable(preserved, table, await columnTypes(session, table));
    found.push({ source: sources.indexOf(table), projection });
  }
  const quarantine = await findQuarantine(session, bundle);
  if (quarantine !== null) {
    found.push({
      source: sources.indexOf(quarantine),
      projection: projectQuarantine(preserved, quarantine),
    });
  }
  return found;
}

async function columnTypes(session: Session, table: string): Promise<ColumnTypes> {
  const { rows } = await session.query<{ name: string; type: string }>(
    `select attname as name, pg_catalog.format_type(atttypid, null) as type
     from pg_catalog.pg_attribute
     where attrelid = pg_catalog.to_regclass($1) and attnum > 0 and not attisdropped`,
    [quoteTable(table)],
  );
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/** Every row of the bundle's tables, noted before the fix and looked for after it → what became of each. */
import { engineSql } from '../../database/engine-sql.js';
import { accessToTable, isReadableTable, quoteTable } from '../../database/table-names.js';
import type { Session } from '../../database/with-session.js';
import type { Bundle, LostRow, PreservationResult, Preserved, PreservedResult } from '../../model.js';
import {
  type ColumnTypes,
  digestOf,
  labelOf,
  maskOf,
  projectQuarantine,
  projectTable,
} from './project-facts.js';
import { describeUnusableQuarantine, findQuarantine, lookIntoQuarantine } from './quarantine.js';

/**
 * To be called in the transaction that the fix is then applied in: what is noted ends with it. Returns the tables whose rows
 * could not be noted because this role may not read them.
 */
export async function noteRows(session: Session, bundle: Bundle): Promise<string[]> {
  await session.query(
    `create temporary table schema_fix_before (kind text, source text, mask int, digest uuid, label text) on commit drop;
     create temporary table schema_fix_after (kind text, source text, mask int, digest uuid) on commit drop`,
  );
  for (const preserved of bundle.preserve) {
    for (const { table, projection } of await projections(session, bundle, preserved, preserved.from)) {
      const mask = maskOf(preserved.facts);
      await session.query(
        `insert into pg_temp.schema_fix_before
         select $1, $2, mask, ${digestOf(preserved.facts, 'mask')}, ${labelOf(preserved.facts)}
         from (select *, ${mask} as mask from (${projection}) as r) as r`,
        [preserved.name, table],
      );
    }
  }
  return listUnreadable(session, bundle);
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
  readonly unreadable: readonly string[];
}

/** In the same transaction, after the fix. `quarantineBefore` comes from `countQuarantine`, called before it. */
export async function accountForRows(
  session: Session,
  bundle: Bundle,
  quarantineBefore: number,
  options: AccountOptions,
): Promise<PreservationResult> {
  for (const preserved of bundle.preserve) await findRows(session, bundle, preserved, options);
  const { rows } = await session.query<FateRow>(engineSql('preservation'), [
    bundle.quarantine,
    bundle.preserve.filter(({ merge }) => merge).map(({ name }) => name),
  ]);
  const kinds = bundle.preserve.map(({ name }) =>
    toResult(
      name,
      rows.find(({ kind }) => kind === name),
    ),
  );
  const quarantine = await lookIntoQuarantine(session, bundle, {
    before: quarantineBefore,
    expected: options.expectedQuarantine,
  });
  const reason =
    describeUnreadable(options.unreadable) ??
    (await describeUnusableQuarantine(session, bundle)) ??
    describeQuarantine(quarantine);
  const isPassed = kinds.every(({ outcome }) => outcome === 'pass') && reason === null;
  return { outcome: isPassed ? 'pass' : 'fail', kinds, quarantine, reason };
}

function describeUnreadable(tables: readonly string[]): string | null {
  if (tables.length === 0) return null;
  return `the deployer may not read ${tables.join(', ')}, so nobody knows what became of the rows`;
}

function describeQuarantine(quarantine: PreservationResult['quarantine']): string | null {
  if (quarantine?.expected == null || quarantine.expected === quarantine.actual) return null;
  return `the state expects ${quarantine.expected} rows in quarantine; there are ${quarantine.actual}`;
}

/** A row found is noted once under each set of known facts that some row had before, so that the two can be compared. */
async function findRows(
  session: Session,
  bundle: Bundle,
  preserved: Preserved,
  { isWholeFix }: AccountOptions,
): Promise<void> {
  const places = isWholeFix ? preserved.to : [...new Set([...preserved.to, ...preserved.from])];
  for (const { table, projection } of await projections(session, bundle, preserved, places)) {
    await session.query(
      `insert into pg_temp.schema_fix_after
       select $1, $2, m.mask, ${digestOf(preserved.facts, 'm.mask')}
       from (select *, ${maskOf(preserved.facts)} as known from (${projection}) as r) as r
       inner join (select distinct mask from pg_temp.schema_fix_before where kind = $1) as m
           on r.known & m.mask = m.mask`,
      [preserved.name, table],
    );
  }
}

async function projections(
  session: Session,
  bundle: Bundle,
  preserved: Preserved,
  tables: readonly string[],
): Promise<{ table: string; projection: string }[]> {
  const found = [];
  for (const table of tables) {
    if (!(await isReadableTable(session, table))) continue;
    found.push({ table, projection: projectTable(preserved, table, await columnTypes(session, table)) });
  }
  const quarantine = await findQuarantine(session, bundle);
  if (quarantine !== null) {
    found.push({ table: quarantine, projection: projectQuarantine(preserved, quarantine) });
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

interface FateRow
  extends Record<'before' | 'in_place' | 'moved' | 'quarantined' | 'merged' | 'lost', string> {
  readonly kind: string;
  readonly lost_rows: LostRow[] | null;
}

/** A kind of which there was no row before has none to lose. */
function toResult(name: string, row: FateRow | undefined): PreservedResult {
  const lost = Number(row?.lost ?? 0);
  return {
    name,
    outcome: lost === 0 ? 'pass' : 'fail',
    before: Number(row?.before ?? 0),
    inPlace: Number(row?.in_place ?? 0),
    moved: Number(row?.moved ?? 0),
    merged: Number(row?.merged ?? 0),
    quarantined: Number(row?.quarantined ?? 0),
    lost,
    lostRows: row?.lost_rows ?? [],
  };
}

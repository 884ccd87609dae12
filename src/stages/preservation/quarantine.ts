/** The bundle's quarantine → whether it can be read as one, how many rows it holds, and why they were put there. */
import { counted } from '../../counted.js';
import { engineSql } from '../../database/engine-sql.js';
import { accessToTable, isReadableTable, quoteTable } from '../../database/table-names.js';
import type { Session } from '../../database/with-session.js';
import type { Bundle, PreservationResult } from '../../model.js';

const columns = ['source_table', 'reason', 'row_data'] as const;

/** The table's name where there is one that can be read and that has the columns of a quarantine, or null. */
export async function findQuarantine(session: Session, { quarantine }: Bundle): Promise<string | null> {
  if (quarantine === null || !(await isReadableTable(session, quarantine))) return null;
  return (await lackingColumns(session, quarantine)).length === 0 ? quarantine : null;
}

/** Why rows that were put there cannot be accounted for, or null. A quarantine that nobody needed need not be there. */
export async function describeUnusableQuarantine(
  session: Session,
  { quarantine }: Bundle,
): Promise<string | null> {
  if (quarantine === null) return null;
  const access = await accessToTable(session, quarantine);
  if (access === 'absent') return null;
  if (access === 'unreadable') return `the deployer may not read ${quarantine}`;
  const lacking = await lackingColumns(session, quarantine);
  if (lacking.length === 0) return null;
  return `${quarantine} lacks ${lacking.join(', ')}; a quarantine has the columns source_table, reason and row_data`;
}

export async function countQuarantine(session: Session, bundle: Bundle): Promise<number> {
  const quarantine = await findQuarantine(session, bundle);
  if (quarantine === null) return 0;
  const { rows } = await session.query<{ count: string }>(
    `select count(*) as count from ${quoteTable(quarantine)}`,
  );
  return Number(rows[0]?.count);
}

/** `before` comes from `countQuarantine`, called before the fix. */
export async function lookIntoQuarantine(
  session: Session,
  bundle: Bundle,
  { before, expected }: { readonly before: number; readonly expected: number | null },
): Promise<PreservationResult['quarantine']> {
  if (bundle.quarantine === null) return null;
  const actual = (await countQuarantine(session, bundle)) - before;
  const quarantine = await findQuarantine(session, bundle);
  if (quarantine === null) return { expected, actual, reasons: [] };
  const { rows } = await session.query<{ reason: string; rows: string }>(
    `select reason, count(*) as rows from ${quoteTable(quarantine)} group by reason order by reason`,
  );
  return {
    expected,
    actual,
    reasons: rows.map(({ reason, rows: count }) => ({ reason, rows: Number(count) })),
  };
}

async function lackingColumns(session: Session, quarantine: string): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `select attname as name
     from pg_catalog.pg_attribute
     where attrelid = pg_catalog.to_regclass($1) and attnum > 0 and not attisdropped`,
    [quoteTable(quarantine)],
  );
  return columns.filter((column) => !rows.some(({ name }) => name === column));
}

/** Whether each row there says where it is from and why, so that a person can decide what becomes of it. */
export async function describeUnsaid(session: Session, bundle: Bundle): Promise<string | null> {
  const quarantine = await findQuarantine(session, bundle);
  if (quarantine === null) return null;
  const { rows } = await session.query<{ count: number }>(
    `select count(*)::int as count from ${quoteTable(quarantine)} where reason is null or source_table is null`,
  );
  const count = rows[0]?.count ?? 0;
  return count === 0
    ? null
    : counted(
        count,
        `row of ${quarantine} does not say its reason or its source_table`,
        `rows of ${quarantine} do not say their reason or their source_table`,
      );
}

/** Why somebody can look into it who should not, or null. The roles of the API are none that it is left to. */
export async function describeDoors(session: Session, { quarantine }: Bundle): Promise<string | null> {
  if (quarantine === null || (await accessToTable(session, quarantine)) === 'absent') return null;
  const { rows } = await session.query<{ what: string; roles: string }>(engineSql('quarantine_doors'), [
    quoteTable(quarantine),
  ]);
  if (rows.length === 0) return null;
  const ways = rows.map(({ what, roles }) => `${roles} may use ${what}`).join('; ');
  return `${quarantine} must be shut to every role but its owner; ${ways}`;
}

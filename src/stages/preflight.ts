/** What is here now: server, database, role, and how many rows each of the bundle's tables has. */
import { isReadableTable, quoteTable } from '../database/table-names.js';
import type { Session } from '../database/with-session.js';
import type { Bundle, Finding, PreflightResult, TableCount } from '../model.js';

export async function runPreflight(
  session: Session,
  bundle: Bundle,
  findings: readonly Finding[],
): Promise<PreflightResult> {
  const { rows } = await session.query<{ version: string; database: string; role: string }>(
    `select
        pg_catalog.current_setting('server_version') as version,
        pg_catalog.current_database() as database,
        current_user as role`,
  );
  const outcome = findings.some(({ severity }) => severity === 'refusal') ? 'fail' : 'pass';
  const tables: TableCount[] = [];
  // What refuses the fix is told before anything is read.
  for (const table of outcome === 'pass' ? bundle.tables : [])
    tables.push({ table, rows: await countRows(session, table) });
  const { version = '', database = '', role = '' } = rows[0] ?? {};
  return { outcome, serverVersion: version, database, role, tables, findings };
}

/** A table whose policies bind its owner too would show some of its rows, or refuse to be asked: it is not counted. */
async function countRows(session: Session, table: string): Promise<number | null> {
  if (!(await isReadableTable(session, table))) return null;
  const { rows: active } = await session.query<{ is_bound: boolean }>(
    'select pg_catalog.row_security_active($1::pg_catalog.regclass) as is_bound',
    [quoteTable(table)],
  );
  if (active[0]?.is_bound) return null;
  const { rows } = await session.query<{ count: string }>(
    `select count(*) as count from ${quoteTable(table)}`,
  );
  return Number(rows[0]?.count);
}

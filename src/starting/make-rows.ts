/** Tables of a database → two rows of each, made up, as far as it takes them. */
import type { Session } from '../database/with-session.js';
import { makeRow, type RowMaker, type RowsAskedFor } from './insert-rows.js';
import { orderByKeys } from './order-by-keys.js';
import type { Row, Table, Unfilled } from './there.js';

export interface MadeRows {
  /** By table, with those that were there. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  /** Those that were made, in the order in which Postgres took them. */
  readonly made: readonly Row[];
  /** The tables that took none, and why. */
  readonly unfilled: readonly Unfilled[];
}

/** In the open transaction. */
export async function makeRows(
  session: Session,
  tables: readonly Table[],
  { there, ...known }: RowsAskedFor & { readonly there: ReadonlyMap<string, readonly Row[]> },
): Promise<MadeRows> {
  const taken: RowMaker['taken'] = new Map();
  const attempt = () =>
    fill(session, tables, { ...known, rows: new Map(there), made: [], taken, isKeyGiven: false });
  // A sequence does not take back what an attempt took from it: once it is known what is taken, all begins again.
  await session.query('savepoint attempts');
  await attempt();
  await session.query('rollback to savepoint attempts');
  await restartSequences(session);
  return attempt();
}

async function fill(session: Session, tables: readonly Table[], maker: RowMaker): Promise<MadeRows> {
  const unfilled: Unfilled[] = [];
  for (const table of orderByKeys(tables)) {
    for (const number of [1, 2]) {
      if ((maker.rows.get(table.name)?.length ?? 0) >= number) continue;
      const refusal = await makeRow(session, table, number, maker);
      if (refusal !== null && number === 1) unfilled.push({ table: table.name, refusal });
    }
  }
  return { rows: maker.rows, made: maker.made, unfilled };
}

async function restartSequences(session: Session): Promise<void> {
  const { rows } = await session.query<{ restart: string }>(
    `select pg_catalog.format('alter sequence %I.%I restart', n.nspname, c.relname) as restart
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where c.relkind = 'S' and pg_catalog.pg_has_role(c.relowner, 'usage')`,
  );
  for (const { restart } of rows) await session.query(restart);
}

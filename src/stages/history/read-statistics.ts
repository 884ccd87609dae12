/** A database → what its statistics say at this moment of the fix's tables, and of their statements where pg_stat_statements is there. */
import { z } from 'zod';
import { isDatabaseError } from '../../database/database-error.js';
import { engineSql } from '../../database/engine-sql.js';
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';

/** As a deployment keeps it. Counters grow until somebody resets them. */
export const statisticsShape = z.object({
  commits: z.number(),
  rollbacks: z.number(),
  /** Rows by table, `schema.name`. */
  inserts: z.record(z.string(), z.number()),
  /** By query: calls, and milliseconds of all of them; null: pg_stat_statements was not there, or not to be read. */
  statements: z.record(z.string(), z.tuple([z.number(), z.number()])).nullable(),
  /** What roles might do, as `readRoles` gives it; older versions kept none. */
  roles: z.record(z.string(), z.string()).optional(),
  /** How far was counted, as `readCounts` gives it; older versions kept none. */
  counts: z.record(z.string(), z.string()).optional(),
});

export type Statistics = z.infer<typeof statisticsShape>;

export interface StatementCount {
  readonly id: string;
  /** Its values are parameters; what a utility statement says may stand in it. */
  readonly text: string;
  readonly calls: number;
  readonly milliseconds: number;
}

/** Of those that take the most time. */
const mostStatements = 500;

/** Must be called within a transaction. */
export async function readStatistics(
  session: Session,
  tables: readonly string[],
): Promise<{ readonly statistics: Statistics; readonly statements: readonly StatementCount[] | null }> {
  const { rows } = await session.query<Omit<Statistics, 'statements'>>(engineSql('statistics'), [tables]);
  const [found = { commits: 0, rollbacks: 0, inserts: {} }] = rows;
  const { commits, rollbacks, inserts } = found;
  const statements = await readStatements(session, tables);
  const counted = statements?.map(({ id, calls, milliseconds }) => [id, [calls, milliseconds]] as const);
  return {
    statistics: {
      commits,
      rollbacks,
      inserts,
      statements: counted === undefined ? null : (Object.fromEntries(counted) as Statistics['statements']),
    },
    statements,
  };
}

/** null: it is not there, the server does not collect it, or this role may not read it. */
async function readStatements(
  session: Session,
  tables: readonly string[],
): Promise<readonly StatementCount[] | null> {
  // Its own view, not what somebody called so.
  const { rows: places } = await session.query<{ schema: string }>(
    `select n.nspname as schema
     from pg_catalog.pg_extension as e
     inner join pg_catalog.pg_depend as d
         on d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.refobjid = e.oid and d.deptype = 'e'
     inner join pg_catalog.pg_class as c
         on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where e.extname = 'pg_stat_statements' and c.relname = 'pg_stat_statements'`,
  );
  const [place] = places;
  if (place === undefined) return null;
  const names = tables.map((table) => table.split('.')[1] ?? table);
  try {
    return await withSavepointRollback(session, async () => {
      const { rows } = await session.query<StatementCount>(
        `select s.queryid::pg_catalog.text as id, s.query as text, s.calls::pg_catalog.float8 as calls, s.total_exec_time as milliseconds
         from ${quoteIdentifier(place.schema)}.pg_stat_statements as s
         where
             s.queryid is not null
             and s.dbid = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
             and exists (select from unnest($1::pg_catalog.text[]) as t (name) where pg_catalog.strpos(s.query, t.name) > 0)
         order by s.total_exec_time desc
         limit ${mostStatements}`,
        [names],
      );
      return rows;
    });
  } catch (error: unknown) {
    if (isDatabaseError(error)) return null;
    throw error;
  }
}

/** A database with the state built in it → the tables that nobody can read, because their policies ask each other for ever. */
import { type Session, withSession } from '../database/with-session.js';
import { withRollback } from '../database/with-transaction.js';
import type { ConnectionSettings } from '../postgres/connection.js';
import { type Plan, usersOf } from './plan.js';
import { infiniteRecursion, readAs } from './read-as.js';

export interface Recursion {
  /** Whose read ends so. */
  readonly tables: readonly string[];
  /** What Postgres says of them; it names one table. */
  readonly message: string;
  /** Policies of that table that read another or itself in a subquery. */
  readonly policies: readonly string[];
}

export async function findRecursion(connection: ConnectionSettings, plan: Plan): Promise<Recursion[]> {
  const [user] = usersOf(plan);
  if (user === undefined) return [];
  return withSession(connection, (session) =>
    withRollback(session, async () => {
      const found = new Map<string, string[]>();
      for (const { name, quoted } of plan.tables) {
        const read = await readAs(session, user, `select from ${quoted} limit 1`);
        if (typeof read === 'number' || read.code !== infiniteRecursion) continue;
        found.set(read.message, [...(found.get(read.message) ?? []), name]);
      }
      const recursions: Recursion[] = [];
      for (const [message, tables] of found) {
        const [, named = ''] = /relation "(.+)"$/.exec(message) ?? [];
        recursions.push({ tables, message, policies: await readPolicies(session, named, tables) });
      }
      return recursions;
    }),
  );
}

/** `named` is without its schema; where several tables are called so, those of which a read ended so are meant. */
async function readPolicies(session: Session, named: string, tables: readonly string[]): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `select distinct p.polname as name
     from pg_catalog.pg_policy as p
     inner join pg_catalog.pg_class as c on c.oid = p.polrelid
     inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where c.relname = $1 and n.nspname || '.' || c.relname = any ($2::text[])
       and p.polcmd in ('r', '*')
       and pg_catalog.pg_get_expr(p.polqual, p.polrelid) ~ '\\mFROM\\M'
     order by 1`,
    [named, tables],
  );
  return rows.map(({ name }) => name);
}

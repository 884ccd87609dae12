/** A database of `before` → its schema, and rows of it, as a script that is read while it is written. */
import type { Session } from '../database/with-session.js';
import type { RowsOfBefore } from '../model.js';
import { orSay, withLiveAt } from './open-live.js';
import { planSchema, type SchemaPlan } from './plan-schema.js';
import { writeScript } from './write-script.js';

export interface CopyRequest {
  /** Holds a password. */
  readonly address: string;
  readonly rows: RowsOfBefore;
  /** Schemas whose objects are the host's. */
  readonly hostSchemas: ReadonlySet<string>;
  readonly isHostRole: (role: string) => boolean;
  readonly signal: AbortSignal;
}

/** `throwaway` is where it will be loaded, as it is before that, in no transaction. */
export async function withCopy<T>(
  throwaway: Session,
  { address, rows, hostSchemas, isHostRole, signal }: CopyRequest,
  work: (script: AsyncIterable<string>, missing: SchemaPlan['missing']) => Promise<T>,
): Promise<T> {
  return withLiveAt(address, signal, async (live) => {
    const isSupabase = await orSay(live.name, () => isOfSupabase(live.session));
    const plan = await planSchema(live, throwaway, { isSupabase, isHostRole });
    const host = isSupabase ? [...hostSchemas] : [];
    return work(writeScript(live, plan, { rows, hostSchemas: host }), plan.missing);
  });
}

/** Elsewhere a schema `auth` is the project's own. */
export async function isOfSupabase(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ found: boolean }>(
    `select exists (
         select
         from pg_class as c
         inner join pg_namespace as n on n.oid = c.relnamespace
         where n.nspname = 'auth' and c.relname = 'users' and pg_get_userbyid(c.relowner) ~ '^supabase_'
     ) as found`,
  );
  return rows[0]?.found === true;
}

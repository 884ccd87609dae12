/** Tables that hide rows from their owner → read in full: forced row level security is lifted, by the owner's right, and put back. */
import type { Session } from '../../database/with-session.js';
import type { Run } from './run.js';

/** `relations` are quoted as `format('%I.%I')` quotes them. If the work throws, the transaction's end puts it back. */
export async function withEveryRow<T>(
  session: Session,
  run: Run,
  relations: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const { rows: forced } = await session.query<{ name: string }>(
    `select w.name
     from pg_catalog.unnest($1::text[]) as w (name)
     inner join pg_catalog.pg_class as c on c.oid = pg_catalog.to_regclass(w.name)
     where
         c.relkind in ('r', 'p') and c.relforcerowsecurity and pg_catalog.row_security_active(c.oid)
         and pg_catalog.pg_has_role(c.relowner, 'usage')`,
    [relations],
  );
  for (const { name } of forced) await run(`alter table ${name} no force row level security`);
  const result = await work();
  for (const { name } of forced) await run(`alter table ${name} force row level security`);
  return result;
}

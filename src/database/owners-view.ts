/** The deployer's own tables, with every row of them in view: forced row level security or a revoked privilege would hide some. */
import { quoteTable } from './table-names.js';
import type { Session } from './with-session.js';

const heldBackIn = new WeakMap<Session, readonly string[]>();

/** Numbers of the tables whose forced row level security is lifted for the moment. */
export const listHeldBack = (session: Session): readonly string[] => heldBackIn.get(session) ?? [];

/**
 * Within the open transaction. What is in the way is lifted, by the owner's right, and put back when the work is done; if
 * the work throws, the transaction's end puts it back. Tables of others stay as hidden as they are.
 */
export async function withOwnersView<T>(
  session: Session,
  tables: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const { rows } = await session.query<{
    name: string;
    oid: string;
    is_held_back: boolean;
    is_readable: boolean;
  }>(
    `select
        t.name,
        c.oid,
        pg_catalog.row_security_active(c.oid) and c.relforcerowsecurity as is_held_back,
        pg_catalog.has_table_privilege(c.oid, 'select') as is_readable
     from pg_catalog.unnest($1::text[]) as t (name)
     inner join pg_catalog.pg_class as c on c.oid = pg_catalog.to_regclass(t.name)
     where c.relkind in ('r', 'p') and pg_catalog.pg_has_role(c.relowner, 'usage')`,
    [tables.map(quoteTable)],
  );
  const heldBack = rows.filter((row) => row.is_held_back);
  const unreadable = rows.filter((row) => !row.is_readable);
  for (const { name } of heldBack) await session.query(`alter table ${name} no force row level security`);
  for (const { name } of unreadable) await session.query(`grant select on ${name} to current_user`);
  const outer = listHeldBack(session);
  heldBackIn.set(session, [...outer, ...heldBack.map(({ oid }) => oid)]);
  const result = await work().finally(() => heldBackIn.set(session, outer));
  for (const { name } of unreadable) await session.query(`revoke select on ${name} from current_user`);
  for (const { name } of heldBack) await session.query(`alter table ${name} force row level security`);
  return result;
}

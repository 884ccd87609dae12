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

/**
 * Within a savepoint that is rolled back: the deployer's own tables show and give the deployer every row, whatever policies
 * bind their owner and whatever their triggers would say.
 */
export async function liftWhatBindsOwner(session: Session): Promise<void> {
  const { rows } = await session.query<{ statement: string }>(
    `select pg_catalog.format('alter table %I.%I %s', n.nspname, c.relname, lifted.what) as statement
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     cross join lateral (
        select 'no force row level security'
        where c.relforcerowsecurity and pg_catalog.row_security_active(c.oid)
        union all
        select 'disable trigger user'
        where exists (select from pg_catalog.pg_trigger as t where t.tgrelid = c.oid and not t.tgisinternal)
     ) as lifted (what)
     where c.relkind in ('r', 'p') and pg_catalog.pg_has_role(c.relowner, 'usage')`,
  );
  for (const { statement } of rows) await session.query(statement);
}

/**
 * Within a savepoint that is rolled back: the policies and triggers of the deployer's own tables bind nobody. A table that
 * somebody else holds is not waited for.
 */
export async function liftRules(session: Session): Promise<void> {
  await session.query("set local lock_timeout = '100ms'");
  const { rows } = await session.query<{ statement: string }>(
    `select pg_catalog.format('alter table %I.%I %s', n.nspname, c.relname, lifted.what) as statement
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     cross join lateral (
        select 'disable row level security' where c.relrowsecurity
        union all
        select 'disable trigger user'
        where exists (select from pg_catalog.pg_trigger as t where t.tgrelid = c.oid and not t.tgisinternal)
     ) as lifted (what)
     where c.relkind in ('r', 'p') and pg_catalog.pg_has_role(c.relowner, 'usage')`,
  );
  await session.query(rows.map(({ statement }) => statement).join('; '));
}

/** Names of others' tables under row level security, and of the views and functions that ask them. */
export async function listGuardedByOthers(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `with guarded as (
        select c.oid, c.relname
        from pg_catalog.pg_class as c
        where c.relrowsecurity and not pg_catalog.pg_has_role(c.relowner, 'usage')
     )
     select relname as name from guarded
     union
     select v.relname
     from guarded as g
     inner join pg_catalog.pg_depend as d on d.refobjid = g.oid and d.classid = 'pg_catalog.pg_rewrite'::regclass
     inner join pg_catalog.pg_rewrite as r on r.oid = d.objid
     inner join pg_catalog.pg_class as v on v.oid = r.ev_class
     union
     select p.proname
     from guarded as g
     inner join pg_catalog.pg_proc as p on pg_catalog.strpos(p.prosrc, g.relname) > 0`,
  );
  return rows.map(({ name }) => name);
}

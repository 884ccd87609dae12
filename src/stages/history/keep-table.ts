/** A table that the deployment made and that holds rows of others by now: it stays, and nobody but its owner reaches it. */
import type { Session } from '../../database/with-session.js';

/** A partition would go with the table that it is part of. */
export async function detachTable(session: Session, oid: string): Promise<string[]> {
  const { rows } = await session.query<{ statement: string }>(
    `select pg_catalog.format(
         'alter table %I.%I detach partition %I.%I', above.nspname, parent.relname, n.nspname, c.relname
     ) as statement
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     inner join pg_catalog.pg_inherits as h on h.inhrelid = c.oid
     inner join pg_catalog.pg_class as parent on h.inhparent = parent.oid
     inner join pg_catalog.pg_namespace as above on parent.relnamespace = above.oid
     where c.oid = $1::pg_catalog.oid and c.relispartition`,
    [oid],
  );
  return rows.map(({ statement }) => statement);
}

/** The statements that take from it all that reaches out or lets in. */
export async function shutTable(session: Session, oid: string): Promise<string[]> {
  const { rows } = await session.query<{ statement: string }>(
    `with shut as (
         select c.*, pg_catalog.format('%I.%I', n.nspname, c.relname) as name
         from pg_catalog.pg_class as c
         inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
         where c.oid = $1::pg_catalog.oid
     )
     select pg_catalog.format('alter table %s drop constraint %I', k.conrelid::pg_catalog.regclass, k.conname) as statement
     from pg_catalog.pg_constraint as k
     where k.contype = 'f' and k.conparentid = 0 and (k.conrelid = $1::pg_catalog.oid or k.confrelid = $1::pg_catalog.oid)
     union all
     select pg_catalog.format('drop policy %I on %s', p.polname, s.name)
     from pg_catalog.pg_policy as p inner join shut as s on p.polrelid = s.oid
     union all
     select pg_catalog.format('drop trigger %I on %s', t.tgname, s.name)
     from pg_catalog.pg_trigger as t inner join shut as s on t.tgrelid = s.oid
     where not t.tgisinternal
     union all
     select pg_catalog.format('alter table %s alter column %I drop default', s.name, a.attname)
     from pg_catalog.pg_attrdef as d
     inner join shut as s on d.adrelid = s.oid
     inner join pg_catalog.pg_attribute as a on a.attrelid = s.oid and a.attnum = d.adnum
     where a.attgenerated = ''
     union all
     select pg_catalog.format('alter publication %I drop table %s', p.pubname, s.name)
     from pg_catalog.pg_publication_rel as m
     inner join pg_catalog.pg_publication as p on m.prpubid = p.oid
     inner join shut as s on m.prrelid = s.oid
     union all
     select distinct pg_catalog.format(
         'revoke all on table %s from %s', s.name, case when x.grantee = 0 then 'public' else x.grantee::pg_catalog.regrole::text end
     )
     from shut as s
     cross join lateral (
         select s.relacl as acl
         union all
         select a.attacl from pg_catalog.pg_attribute as a where a.attrelid = s.oid and a.attacl is not null
     ) as o
     cross join lateral pg_catalog.aclexplode(o.acl) as x
     where x.grantee <> s.relowner
     union all
     select pg_catalog.format('alter table %s enable row level security', s.name) from shut as s`,
    [oid],
  );
  return rows.map(({ statement }) => statement);
}

/** The names under which the fingerprint tells of it, its indexes and its sequences. */
export async function listOwn(session: Session, oid: string): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `select pg_catalog.format('%I.%I', n.nspname, c.relname) as name
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where
         c.oid = $1::pg_catalog.oid
         or c.oid in (select indexrelid from pg_catalog.pg_index where indrelid = $1::pg_catalog.oid)
         or c.oid in (
             select d.objid from pg_catalog.pg_depend as d
             where
                 d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 and d.refobjid = $1::pg_catalog.oid and d.deptype in ('a', 'i')
         )`,
    [oid],
  );
  return rows.map(({ name }) => name);
}

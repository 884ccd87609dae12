/** A database that a backup is to be restored into → nothing, or a UserError that says what is in the way. */

import type { BackupHeader } from '../../backup/header.js';
import { isOfSupabase } from '../../copying/with-copy.js';
import { some } from '../../counted.js';
import type { Session } from '../../database/with-session.js';
import { UserError } from '../../errors.js';
import { hostSchemas } from '../../loading/host.js';
import { parseMajor } from '../../postgres/majors.js';

export interface Place {
  readonly place: string;
  readonly serverVersion: string;
}

export async function assertRestorable(
  session: Session,
  header: BackupHeader,
  { place, serverVersion }: Place,
): Promise<void> {
  const isSupabase = await isOfSupabase(session);
  if (header.host === 'supabase' && !isSupabase) {
    throw new UserError(
      `database-url: the backup is of a Supabase project, without what Supabase itself brings, and ${place} is none. Restore it into a new project, or one that supabase start made.`,
    );
  }
  const [was, is] = [parseMajor(header.serverVersion) ?? 0, parseMajor(serverVersion) ?? 0];
  if (is < was) {
    throw new UserError(
      `database-url: the backup is of Postgres ${header.serverVersion}, and ${place} is ${serverVersion}. Take a server that is as new.`,
    );
  }
  const found = await listObjects(session, isSupabase ? [...hostSchemas] : []);
  if (found.length > 0) {
    throw new UserError(
      `database-url: ${place} is not empty: ${some(found, 5)}. A backup is restored into an empty database only, so that it takes nothing from anybody: make a new one (create database …). Nothing was changed.`,
    );
  }
  const { rows } = await session.query<{ role: string }>(
    `select wanted as role from unnest($1::text[]) as wanted
     where not exists (select from pg_roles as r where r.rolname = wanted)
     order by 1`,
    [header.roles],
  );
  if (rows.length > 0) {
    const names = rows.map(({ role }) => role);
    throw new UserError(
      `database-url: the server of ${place} has no role ${names.join(', ')}, whose objects and privileges are in the backup. Make them first: ${names.map((name) => `create role "${name}"`).join('; ')}. Nothing was changed.`,
    );
  }
}

/** What somebody made: no object of an extension's, and none that every database has. */
async function listObjects(session: Session, ofHost: readonly string[]): Promise<string[]> {
  const { rows } = await session.query<{ object: string }>(
    `with objects (classid, oid, namespace, object) as (
         select
             'pg_class'::regclass, oid, relnamespace,
             case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'c' then 'type' else 'table' end
             || ' ' || oid::regclass::text
         from pg_class
         where relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c')
         union all
         select 'pg_proc'::regclass, oid, pronamespace, 'function ' || oid::regprocedure::text from pg_proc
         union all
         select 'pg_type'::regclass, oid, typnamespace, 'type ' || oid::regtype::text
         from pg_type
         where typtype in ('d', 'e', 'r')
         union all
         select 'pg_namespace'::regclass, oid, oid, 'schema ' || nspname from pg_namespace where nspname <> 'public'
     )
     select o.object
     from objects as o
     inner join pg_namespace as n on n.oid = o.namespace
     where
         n.nspname !~ '^(pg_|information_schema$)'
         and n.nspname <> all ($1)
         and not exists (
             select from pg_depend as d where d.classid = o.classid and d.objid = o.oid and d.deptype = 'e'
         )
     order by o.object ~ '^schema ', o.object`,
    [ofHost],
  );
  return rows.map(({ object }) => object);
}

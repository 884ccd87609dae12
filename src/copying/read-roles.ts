/** The roles of a database's server, and what of them does not come along, though who may see which row may depend on it. */
import type { Session } from '../database/with-session.js';

export async function readRoleNames(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>('select rolname as name from pg_roles order by 1');
  return rows.map(({ name }) => name);
}

/** Those that something in the database names: whoever restores it needs them. */
export async function readNamedRoles(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `select distinct r.rolname as name
     from pg_roles as r
     inner join pg_shdepend as s on s.refclassid = 'pg_authid'::regclass and s.refobjid = r.oid
     inner join pg_database as d on d.oid = s.dbid
     where d.datname = current_database() and not starts_with(r.rolname, 'schema_fix_')
     order by 1`,
  );
  return rows.map(({ name }) => name);
}

interface Row {
  readonly role: string;
  /** Null: what is told is that it bypasses row level security. */
  readonly member: string | null;
}

/** Of the roles that something in the database names, but for those that are the host's. */
export async function readRoles(
  session: Session,
  isHostRole: (role: string) => boolean,
): Promise<{ readonly what: string; readonly why: string }[]> {
  const { rows } = await session.query<Row>(
    `with named as (
         select r.oid, r.rolname, r.rolbypassrls
         from pg_roles as r
         where
             not r.rolsuper
             and exists (
                 select
                 from pg_shdepend as s
                 inner join pg_database as d on d.oid = s.dbid
                 where s.refclassid = 'pg_authid'::regclass and s.refobjid = r.oid and d.datname = current_database()
             )
     )
     select n.rolname as role, m.rolname as member
     from named as n
     inner join pg_auth_members as a on a.roleid = n.oid
     inner join pg_roles as m on m.oid = a.member
     -- Who only logs in as others, as runs of ours do, is of no consequence.
     where not m.rolsuper and not starts_with(m.rolname, 'schema_fix_')
     union
     select rolname, null from named where rolbypassrls
     order by 1, 2`,
  );
  return rows
    .filter(({ role, member }) => !isHostRole(role) || (member !== null && !isHostRole(member)))
    .map(({ role, member }) =>
      member === null
        ? {
            what: `that the role ${role} bypasses row level security`,
            why: 'only a superuser may give that; here it sees what the policies let it see',
          }
        : {
            what: `that the role ${member} is a member of ${role}`,
            why: `roles belong to the whole server; where a policy or a grant counts on it, say grant ${role} to ${member} in a file given after the address, or in the platform of the bundle`,
          },
    );
}

/** Roles belong to the whole server: work that changes them has it to itself, and they are as they were afterwards. */
import type pg from 'pg';
import { isDatabaseError } from './database-error.js';
import { quoteIdentifier } from './quote.js';
import { type Session, withSession } from './with-session.js';

export interface RolesUse {
  /** Whether the work makes, changes or grants roles. */
  readonly changes: boolean;
  /** Numbers of advisory locks that all runs on a server share. */
  readonly locks: { readonly work: number; readonly platforms: number };
  /** What marks a role as made by us: others are nobody's to restore. */
  readonly comment: string;
}

/**
 * The lock is waited for in turn, so that work which changes roles is not put off by work that goes on beginning. Its session is
 * one of its own: whoever waits in it keeps nobody else waiting.
 */
export async function withRoles<T>(
  server: pg.ClientConfig,
  { changes, locks, comment }: RolesUse,
  work: () => Promise<T>,
): Promise<T> {
  return withSession(server, async (session) => {
    await session.query('set statement_timeout = 0; set lock_timeout = 0; set idle_session_timeout = 0');
    if (!changes) {
      await session.query('select pg_catalog.pg_advisory_lock_shared($1)', [locks.work]);
      return work();
    }
    await session.query('select pg_catalog.pg_advisory_lock($1)', [locks.work]);
    await session.query('select pg_catalog.pg_advisory_lock($1)', [locks.platforms]);
    const before = await readRoles(session, comment);
    try {
      return await work();
    } finally {
      await restoreRoles(session, before, await readRoles(session, comment));
    }
  });
}

interface Role {
  readonly name: string;
  /** As `alter role` takes them. */
  readonly attributes: string;
  /** To whom it is granted, quoted. */
  readonly memberships: readonly Membership[];
}

interface Membership {
  readonly member: string;
  readonly options: string;
  /** From 16 on several may have granted it. */
  readonly by: string;
}

/** Those that we made, and to whom what is granted. */
async function readRoles(session: Session, comment: string): Promise<readonly Role[]> {
  const { rows } = await session.query<Role>(
    `select
         r.rolname as name,
         pg_catalog.concat_ws(
             ' ',
             case when r.rolsuper then 'superuser' else 'nosuperuser' end,
             case when r.rolinherit then 'inherit' else 'noinherit' end,
             case when r.rolcreaterole then 'createrole' else 'nocreaterole' end,
             case when r.rolcreatedb then 'createdb' else 'nocreatedb' end,
             case when r.rolcanlogin then 'login' else 'nologin' end,
             case when r.rolreplication then 'replication' else 'noreplication' end,
             case when r.rolbypassrls then 'bypassrls' else 'nobypassrls' end
         ) as attributes,
         array(
             select pg_catalog.json_build_object(
                 'member', pg_catalog.quote_ident(o.rolname),
                 'options', case when m.admin_option then 'with admin option' else '' end,
                 'by', case
                     when pg_catalog.current_setting('server_version_num')::int >= 160000
                         then pg_catalog.format('granted by %I', pg_catalog.pg_get_userbyid(m.grantor))
                     else ''
                 end
             )
             from pg_catalog.pg_auth_members as m
             inner join pg_catalog.pg_roles as o on m.member = o.oid
             where m.roleid = r.oid and not pg_catalog.starts_with(o.rolname, 'schema_fix_')
         ) as memberships
     from pg_catalog.pg_roles as r
     where pg_catalog.shobj_description(r.oid, 'pg_authid') = $1
     and not pg_catalog.starts_with(r.rolname, 'schema_fix_')`,
    [comment],
  );
  return rows;
}

async function restoreRoles(
  session: Session,
  before: readonly Role[],
  after: readonly Role[],
): Promise<void> {
  const known = new Map(before.map((role) => [role.name, role]));
  for (const { name, attributes, memberships } of after) {
    const was = known.get(name);
    if (was === undefined) {
      await dropRole(session, name);
      continue;
    }
    const role = quoteIdentifier(name);
    if (was.attributes !== attributes) await session.query(`alter role ${role} ${was.attributes}`);
    for (const { member, by } of without(memberships, was.memberships))
      await session.query(`revoke ${role} from ${member} ${by} cascade`);
    for (const { member, options, by } of without(was.memberships, memberships))
      await session.query(`grant ${role} to ${member} ${options} ${by}`);
  }
}

function without(some: readonly Membership[], others: readonly Membership[]): Membership[] {
  return some.filter(({ member, by }) => !others.some((other) => other.member === member && other.by === by));
}

const dependentObjectsStillExist = '2BP01';

/** One on which something of somebody else's depends stays. */
export async function dropRole(admin: Session, role: string): Promise<void> {
  try {
    await admin.query(`drop role if exists ${quoteIdentifier(role)}`);
  } catch (error: unknown) {
    if (!isDatabaseError(error) || error.code !== dependentObjectsStillExist) throw error;
  }
}

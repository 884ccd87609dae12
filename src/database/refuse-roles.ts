/** Roles that a bundle names → an error where one of them may run programs or touch files of the server: SQL of the bundle would. */
import { UserError } from '../errors.js';
import type { Session } from './with-session.js';

/** Asked as somebody who may see all roles. A superuser, of which each is a member of all, is refused by whoever becomes it. */
export async function refuseRolesOfTheServer(admin: Session, roles: readonly string[]): Promise<void> {
  const { rows } = await admin.query<{ role: string; power: string }>(
    `select r.rolname as role, p.rolname as power
     from pg_catalog.pg_roles as r
     inner join pg_catalog.pg_roles as p
         on p.rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
         and pg_catalog.pg_has_role(r.oid, p.oid, 'member')
     where r.rolname = any ($1) and (not r.rolsuper or r.oid = p.oid)
     order by 1, 2`,
    [roles],
  );
  const [found] = rows;
  if (found === undefined) return;
  const what = found.role === found.power ? '' : `, a member of ${found.power},`;
  throw new UserError(
    `The role ${found.role}${what} may run programs or read and write files of the server, and the SQL of the bundle would be run as it. Name a role of the application's, as deployer and as the actors', in bundle.yml or in the state.`,
  );
}

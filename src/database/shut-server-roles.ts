/** A server of our own → one whose roles for programs and files nobody can give to themselves. */
import type pg from 'pg';
import { withSession } from './with-session.js';

/**
 * Before 16 whoever may make roles may become a member of any that is no superuser, these among them; what a bundle brings may
 * make roles. Made superusers, which nobody logs in as, they are a superuser's to give.
 */
export async function shutServerRoles(server: pg.ClientConfig): Promise<void> {
  await withSession(server, (session) =>
    session.query(
      `update pg_catalog.pg_authid set rolsuper = true
       where
           rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
           and pg_catalog.current_setting('server_version_num')::int < 160000`,
    ),
  );
}

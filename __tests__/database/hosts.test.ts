/** Servers as hostings give them: who connects is no superuser, or is one of another name than everybody's. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { loadInto, withProjects } from '../support/project-database.js';
import { rehearseNotes } from '../support/rehearse-notes.js';
import { withClient, withTestServer } from '../support/server.js';

const project = path.resolve(import.meta.dirname, '../fixtures/before/project.sql');

/** Their owners, with the attributes that they have there. */
const owners: Readonly<Record<string, string>> = {
  neondb_owner: 'createdb createrole bypassrls replication',
  rds_owner: 'createdb createrole',
};

/** On Supabase's image, made by its superuser: nobody else may change them. */
const rolesOfImage = `
  create role supabase_admin superuser login password 'of supabase_admin';
  create role anon; create role authenticated; create role service_role bypassrls;
  create role authenticator login noinherit; grant anon, authenticated, service_role to authenticator;
  create role supabase_auth_admin noinherit createrole login; create role supabase_storage_admin noinherit createrole login;
  create role postgres login createdb createrole bypassrls replication password 'of postgres';
  grant anon, authenticated, service_role to postgres with admin option;`;

describe('a server of', () => {
  let admin: ConnectionSettings;
  let close: () => void = () => undefined;
  let closed: Promise<unknown> = Promise.resolve();
  beforeAll(async () => {
    await new Promise<void>((ready, failed) => {
      closed = withTestServer({}, async ({ connection }) => {
        admin = connection;
        for (const [role, attributes] of Object.entries(owners)) {
          await withClient(admin, (client) =>
            client.query(`create role ${role} login ${attributes} password 'of ${role}'`),
          );
        }
        ready();
        await new Promise<void>((end) => {
          close = end;
        });
      });
      closed.catch(failed);
    });
  });
  afterAll(async () => {
    close();
    await closed;
  });
  const as = (user: string): ConnectionSettings => ({ ...admin, user, password: `of ${user}` });
  const roles = () =>
    withClient(admin, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        "select rolname as name from pg_roles where rolname !~ '^pg_' order by 1",
      );
      return rows.map(({ name }) => name);
    });
  /** The project of the fixtures, loaded as before is. */
  const loadProject = (user: string) =>
    withProjects({ server: as(user) }, ({ withProject }) =>
      withProject(async (database) => {
        const { problem, loading } = await loadInto(database, [project]);
        return { problem, leftOut: loading.leftOut, deployer: database.deployer };
      }),
    );

  it.each(['neondb_owner', 'rds_owner'])('%s, no superuser, serves a rehearsal', async (user) => {
    const before = await roles();
    expect(await rehearseNotes({}, { server: as(user) })).toMatchObject({ outcome: 'pass', problem: null });
    expect(await roles()).toEqual(before);
  });

  it('neondb_owner, who may bypass row level security, has the platform of Supabase', async () => {
    expect(await loadProject('neondb_owner')).toEqual({ problem: null, leftOut: [], deployer: 'postgres' });
  });

  it('rds_owner, who may not, is told what the platform asks for', async () => {
    await expect(loadProject('rds_owner')).rejects.toThrow(
      /^postgres-url: rds_owner is not a superuser and may not make what the platform supabase has \(platforms\/supabase\.sql:\d+: .*BYPASSRLS.*\)\. Connect as a superuser \(supabase_admin on Supabase's images\), or/,
    );
  });

  it('Supabase’s image serves its superuser, beside roles that stay as they are', async () => {
    await withClient(admin, (client) => client.query(rolesOfImage));
    const before = await roles();
    expect(await loadProject('supabase_admin')).toEqual({ problem: null, leftOut: [], deployer: 'postgres' });
    expect(await roles()).toEqual(before);
    await expect(loadProject('postgres')).rejects.toThrow(
      /^postgres-url: postgres is not a superuser and may not make what the platform supabase has/,
    );
    expect(await roles()).toEqual(before);
  });
});

/** Databases with the platform of Supabase in them, as a project's owner has them, and what `before` makes of files there. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { loadBefore } from '../../src/before/load-before.js';
import { loadPlatforms } from '../../src/bundle/load-platforms.js';
import { type Fingerprint, fingerprintCatalog, fingerprintData } from '../../src/database/fingerprint.js';
import { withThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import type { Login } from '../../src/database/throwaway-logins.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import { type Loaded, type LoadOptions, loadFiles } from '../../src/loading/load-files.js';
import type { RowsOfBefore, StandIn } from '../../src/model.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { withFolder } from './notes-bundle.js';
import { getTestServer } from './server.js';

const sql = path.resolve(import.meta.dirname, '../../sql');

export interface ProjectDatabase {
  readonly connection: ConnectionSettings;
  /** A superuser's. */
  readonly session: Session;
  readonly login: Login;
  readonly deployer: string;
  readonly standIns: readonly StandIn[];
}

export interface Projects {
  /** A new one, for as long as the work lasts. */
  withProject<T>(work: (project: ProjectDatabase) => Promise<T>): Promise<T>;
}

/** `platform` null is plain Postgres; `deployer` is the platform's, unless another is named. */
export async function withProjects<T>(
  {
    platform = 'supabase',
    deployer: named,
    server = getTestServer().connection,
  }: { platform?: string | null; deployer?: string | undefined; server?: ConnectionSettings },
  work: (projects: Projects) => Promise<T>,
): Promise<T> {
  const problems: string[] = [];
  const platforms = platform === null ? [] : await loadPlatforms([platform], [sql], problems);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const { signal } = new AbortController();
  return withThrowawayDatabases(server, { platforms, signal }, async (databases) => {
    const login = await databases.loginOf(named ?? databases.deployerOf(platform));
    const deployer = login.role;
    const standIns = platforms[0]?.standIns ?? [];
    return work({
      withProject: (use) =>
        databases.withDatabase({ platform, owner: deployer }, (connection) =>
          withSession(connection, (session) =>
            use({ connection: connection as ConnectionSettings, session, login, deployer, standIns }),
          ),
        ),
    });
  });
}

export interface LoadedProject extends Loaded {
  readonly project: ProjectDatabase;
  readonly catalog: Fingerprint;
  /** Of every table of the project's own schemas. */
  readonly rows: Fingerprint;
}

/** Loads what `before` would be given, and looks at what came of it as the superuser. */
export async function loadInto(
  project: ProjectDatabase,
  given: readonly string[],
  options: Partial<LoadOptions> = {},
  rowsOfDatabase: RowsOfBefore = 'none',
): Promise<LoadedProject> {
  const { before, leftAlone } = await loadBefore(given, rowsOfDatabase);
  const loaded = await loadFiles(project.connection, before, {
    login: project.login,
    standIns: project.standIns,
    isStrict: false,
    fix: [],
    leftAlone,
    signal: new AbortController().signal,
    ...options,
  });
  return { ...loaded, project, ...(await lookAt(project)) };
}

export async function lookAt({
  session,
}: ProjectDatabase): Promise<{ catalog: Fingerprint; rows: Fingerprint }> {
  const { rows } = await session.query<{ name: string }>(
    `select pg_catalog.format('%s.%s', schemaname, tablename) as name
     from pg_catalog.pg_tables
     where schemaname in ('public', 'app')
     order by 1`,
  );
  return {
    catalog: await fingerprintCatalog(session),
    rows: await fingerprintData(
      session,
      rows.map(({ name }) => name),
    ),
  };
}

/** The first value of the first row, or of the last statement's. */
export async function ask(session: Session, text: string): Promise<unknown> {
  const results = [await session.query(text)].flat();
  return Object.values(results.at(-1)?.rows[0] ?? {})[0];
}

/** Projects for all tests of a file: call it at the top of the file, and what it returns within a test. */
export function useProjects(platform: string | null = 'supabase', deployer?: string): () => Projects {
  let projects: Projects | undefined;
  let close = () => undefined as undefined;
  let closed: Promise<unknown> = Promise.resolve();
  beforeAll(async () => {
    await new Promise<void>((opened, failed) => {
      closed = withProjects({ platform, deployer }, async (use) => {
        projects = use;
        opened();
        await new Promise<void>((end) => {
          close = () => void end();
        });
      });
      closed.catch(failed);
    });
  });
  afterAll(async () => {
    close();
    await closed;
  });
  return () => {
    if (projects === undefined) throw new Error('The projects are opened before the first test of the file.');
    return projects;
  };
}

/** Loads these files, in the order of their names, into a new project. */
export function load<T>(
  projects: Projects,
  files: Readonly<Record<string, string | Buffer>> | string,
  look: (loaded: Loaded, project: ProjectDatabase) => Promise<T> | T,
  options: Partial<LoadOptions> = {},
): Promise<T> {
  return withFolder(async (folder) => {
    const named = typeof files === 'string' ? { 'schema.sql': files } : files;
    for (const [name, content] of Object.entries(named)) await writeFile(path.join(folder, name), content);
    const { before } = await loadBefore([`${folder}/*`]);
    return projects.withProject(async (project) => {
      const loaded = await loadFiles(project.connection, before, {
        login: project.login,
        standIns: project.standIns,
        isStrict: false,
        fix: [],
        signal: new AbortController().signal,
        ...options,
      });
      return look(withShortPaths(loaded, folder), project);
    });
  });
}

function withShortPaths(loaded: Loaded, folder: string): Loaded {
  return JSON.parse(JSON.stringify(loaded).replaceAll(`${folder}/`, '')) as Loaded;
}

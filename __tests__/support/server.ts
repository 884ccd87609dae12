/** The server that jest started for the tests of this worker, databases of their own on it, and servers of other majors. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import pg from 'pg';
import { type ThrowawayDatabases, withThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import type { Platform } from '../../src/model.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { type Server, type ServerRequest, withServer } from '../../src/postgres/with-server.js';

/** Shared by the test files of one worker, one after the other: its roles are everybody's, its databases their maker's. */
export function getTestServer(): Server {
  const text = process.env.SCHEMA_FIX_TEST_SERVER;
  if (text === undefined)
    throw new Error('There is no test server: jest.config.js starts one for each worker with globalSetup.');
  return JSON.parse(text) as Server;
}

/** A server for one test alone; by default what is asked for is the embedded one of the default major. */
export function withTestServer<T>(
  request: Partial<ServerRequest>,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  const options = { progress: () => undefined, signal: new AbortController().signal };
  return withServer({ source: 'embedded', major: null, url: null, image: null, ...request }, options, work);
}

/** Databases with a platform in them, on the server of the tests. */
export function withPlatformDatabases<T>(
  platforms: readonly Platform[],
  work: (databases: ThrowawayDatabases) => Promise<T>,
  {
    isTrusted = false,
    server = getTestServer().connection,
  }: { readonly isTrusted?: boolean; readonly server?: ConnectionSettings | undefined } = {},
): Promise<T> {
  const { signal } = new AbortController();
  return withThrowawayDatabases(server, { platforms, signal, isTrusted }, work);
}

/** The same for all tests of a file, laid once: call it at the top of the file, and what it returns within a test. */
export function usePlatformDatabases(
  platforms: readonly Platform[],
  options: { readonly isTrusted?: boolean } = {},
): () => ThrowawayDatabases {
  return useHeld(
    (work: (databases: ThrowawayDatabases) => Promise<void>) =>
      withPlatformDatabases(platforms, work, options),
    'databases',
  );
}

/** What a `with…` function lends, held from before the first test of a file until after its last. */
export function useHeld<T>(lend: (work: (lent: T) => Promise<void>) => Promise<void>, what: string): () => T {
  let held: { readonly lent: T } | null = null;
  let release: () => void = () => undefined;
  let done: Promise<void> = Promise.resolve();
  beforeAll(async () => {
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await new Promise<void>((ready, failed) => {
      done = lend(async (lent) => {
        held = { lent };
        ready();
        await released;
      });
      done.catch(failed);
    });
  });
  afterAll(async () => {
    release();
    await done;
  });
  return () => {
    if (held === null) throw new Error(`The ${what} of a file are made before its first test.`);
    return held.lent;
  };
}

/** A client that is closed whatever happens. */
export async function withClient<T>(
  connection: ConnectionSettings,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A new database, cloned from the template where one is named (nobody may be connected to it), dropped afterwards. */
export async function withTestDatabase<T>(
  work: (connection: ConnectionSettings) => Promise<T>,
  template?: string,
): Promise<T> {
  const database = await createTestDatabase(template);
  try {
    return await work({ ...getTestServer().connection, database });
  } finally {
    await dropTestDatabase(database);
  }
}

/** One database for all tests of a file: call it at the top of the file, and what it returns within a test. */
export function useTestDatabase(template?: string): () => ConnectionSettings {
  let database: string | undefined;
  beforeAll(async () => {
    database = await createTestDatabase(template);
  });
  afterAll(async () => {
    if (database !== undefined) await dropTestDatabase(database);
  });
  return () => {
    if (database === undefined)
      throw new Error('The test database is made before the first test of the file.');
    return { ...getTestServer().connection, database };
  };
}

async function createTestDatabase(template = 'template1'): Promise<string> {
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  await withClient(getTestServer().connection, (client) =>
    client.query(`create database ${database} template ${client.escapeIdentifier(template)}`),
  );
  return database;
}

async function dropTestDatabase(database: string): Promise<void> {
  await withClient(getTestServer().connection, (client) =>
    client.query(`drop database ${database} with (force)`),
  );
}

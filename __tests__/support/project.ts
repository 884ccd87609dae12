/** A project's database on a platform, as its owner has it, and one question asked of it. */
import path from 'node:path';
import { expect } from '@jest/globals';
import { loadPlatforms } from '../../src/bundle/load-platforms.js';
import { withThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import type { Platform } from '../../src/model.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { getTestServer } from './server.js';

const sql = path.resolve(import.meta.dirname, '../../sql');

export async function readPlatforms(...names: string[]): Promise<Platform[]> {
  const problems: string[] = [];
  const platforms = await loadPlatforms(names, [sql], problems);
  expect(problems).toEqual([]);
  return platforms;
}

/** A project's database as its owner has it, with the search_path that Supabase gives them. */
export function withProject<T>(
  {
    platform = 'supabase',
    server = getTestServer().connection,
  }: { platform?: string; server?: ConnectionSettings },
  work: (session: Session, deployer: string | null) => Promise<T>,
): Promise<T> {
  return readPlatforms(platform).then((platforms) =>
    withThrowawayDatabases(server, { platforms, signal: new AbortController().signal }, (databases) => {
      const owner = databases.deployerOf(platform);
      return databases.withDatabase({ platform, owner }, (connection) =>
        withSession(connection, async (session) => {
          await session.query(
            `set session authorization ${owner}; set search_path = "$user", public, extensions`,
          );
          return work(session, owner);
        }),
      );
    }),
  );
}

/** One value; the statement is rolled back. */
export async function ask(session: Session, text: string): Promise<unknown> {
  await session.query('begin');
  try {
    const results = [await session.query(text)].flat();
    return Object.values(results.at(-1)?.rows[0] ?? {})[0];
  } finally {
    await session.query('rollback');
  }
}

import { describe, expect, it } from '@jest/globals';
import { getTestServer, useTestDatabase, withClient, withTestServer } from '../support/server.js';

const askVersion = 'show server_version_num';

describe('the server of the database tests', () => {
  const database = useTestDatabase();

  it('is the default major', () => {
    expect(getTestServer().info).toEqual({ source: 'embedded', version: expect.stringMatching(/^17\./) });
  });

  it('gives each file a database of its own', async () => {
    const { rows } = await withClient(database(), (client) =>
      client.query('select current_database() as name'),
    );
    expect(rows[0].name).toMatch(/^test_[0-9a-f]{32}$/);
  });
});

describe('withServer', () => {
  it.each([14, 15, 16, 18])('serves Postgres %d from npm', async (major) => {
    await withTestServer({ major }, async ({ info, connection }) => {
      expect(info.version).toMatch(new RegExp(`^${major}\\.`));
      const { rows } = await withClient(connection, (client) => client.query(askVersion));
      expect(Math.floor(Number(rows[0].server_version_num) / 10_000)).toBe(major);
    });
  });
});

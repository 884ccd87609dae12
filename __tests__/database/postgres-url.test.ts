import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { UserError } from '../../src/errors.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { withEnvironment } from '../support/environment.js';
import { getTestServer, withClient, withTestServer } from '../support/server.js';
import { answerAsWebServer, answerWithCertificate, withStandIn } from '../support/stand-in-server.js';

const password = 'p@ss/w#rd';
const tls = '__tests__/fixtures/tls';
const certificate = { key: readFileSync(`${tls}/server-key.pem`), cert: readFileSync(`${tls}/server.pem`) };

function urlOf(connection: ConnectionSettings, changes: Record<string, string> = {}): string {
  const { host, port, user } = connection;
  const parameters = new URLSearchParams({ host, port: String(port), user, ...changes });
  return `postgres:///postgres?${parameters}`;
}

/** What a person sees, whole; the password is in none of it. */
async function failureOf(url: string, request: { major?: number } = {}): Promise<UserError> {
  try {
    await withTestServer({ source: 'url', url, ...request }, async () => undefined);
  } catch (error: unknown) {
    if (!(error instanceof UserError)) throw error;
    for (const form of [password, encodeURIComponent(password)]) expect(error.message).not.toContain(form);
    expect(error.message).not.toMatch(/\n\s+at /);
    return error;
  }
  throw new Error('it was served');
}

const withPassword = (rest: string) => `postgres://admin:${encodeURIComponent(password)}@${rest}`;

describe('a server given as postgres-url', () => {
  const { connection, info } = getTestServer();

  it('is used as it is, and stays', async () => {
    const url = urlOf(connection, { password: connection.password as string });
    await withTestServer({ source: 'auto', url }, async (server) => {
      expect(server.info).toEqual({ source: 'url', version: info.version });
      await withClient(server.connection, (client) => client.query('select 1'));
    });
    await withClient(connection, (client) => client.query('select 1'));
  });

  it('is refused when it is not of the asked version', async () => {
    const url = urlOf(connection, { password: connection.password as string });
    const { message, exitCode } = await failureOf(url, { major: 15 });
    expect(message).toMatch(
      /^postgres-url: .* as schema_fix_admin: the server is Postgres 17\..*postgres-version asks for 15/,
    );
    expect(exitCode).toBe(3);
  });

  it('says that it wants a password', async () => {
    await withEnvironment({ PGPASSWORD: undefined }, async () => {
      const { message, exitCode } = await failureOf(urlOf(connection));
      expect(message).toMatch(
        /cannot connect to .* as schema_fix_admin: the server asks for a password, and there is none/,
      );
      expect(exitCode).toBe(3);
    });
  });

  it('says that the password is wrong', async () => {
    const { message } = await failureOf(urlOf(connection, { password }));
    expect(message).toMatch(/the server does not accept this password for schema_fix_admin/);
  });

  it('says that its user may not do what a rehearsal does', async () => {
    await withClient(connection, (client) => client.query("create role weak login password 'weak' createdb"));
    try {
      const { message } = await failureOf(urlOf(connection, { user: 'weak', password: 'weak' }));
      expect(message).toMatch(
        / as weak: weak is not a superuser and may not make roles, which a rehearsal does\./,
      );
    } finally {
      await withClient(connection, (client) => client.query('drop role weak'));
    }
  });

  it('says that there is no such database', async () => {
    const url = urlOf(connection, { password: connection.password as string, dbname: 'nowhere' });
    expect((await failureOf(url)).message).toMatch(/the server has no database nowhere/);
  });
});

describe('a postgres-url that leads nowhere', () => {
  it('says that nothing listens there', async () => {
    const port = await withStandIn(
      () => undefined,
      async (free) => free,
    );
    const { message, exitCode } = await failureOf(withPassword(`127.0.0.1:${port}/shop`));
    expect(message).toBe(
      `postgres-url: cannot connect to 127.0.0.1:${port}/shop as admin: nothing listens there. Is the server running, and is this its port?`,
    );
    expect(exitCode).toBe(3);
  });

  it('says that there is no such host', async () => {
    const { message } = await failureOf(withPassword('nowhere.invalid/shop'));
    expect(message).toMatch(/nowhere\.invalid cannot be found or reached/);
  });

  it('says that there is no socket', async () => {
    expect((await failureOf(withPassword('%2Fnowhere/shop'))).message).toMatch(
      /no server's socket .* in \/nowhere/,
    );
  });

  it.each(['prefer', 'require'])('says that a web server is not Postgres, with sslmode=%s', async (mode) => {
    await withStandIn(answerAsWebServer, async (port) => {
      const { message } = await failureOf(withPassword(`127.0.0.1:${port}/shop?sslmode=${mode}`));
      expect(message).toMatch(/what listens there does not speak the Postgres protocol/);
    });
  });

  it('says that a web server may not be Postgres, without encryption', async () => {
    await withStandIn(answerAsWebServer, async (port) => {
      const { message } = await failureOf(withPassword(`127.0.0.1:${port}/shop?sslmode=disable`));
      expect(message).toMatch(/the connection was closed at once\. Is it Postgres/);
    });
  });

  it('says that there was no answer', async () => {
    await withStandIn(
      () => undefined,
      async (port) => {
        const { message } = await failureOf(withPassword(`127.0.0.1:${port}/shop?connect_timeout=1`));
        expect(message).toMatch(/there was no answer within 1 seconds/);
      },
    );
  });

  it('is needed when it is the source', async () => {
    const asked = withTestServer({ source: 'url' }, async () => undefined);
    await expect(asked).rejects.toMatchObject({
      exitCode: 2,
      message: 'postgres-source is url, but there is no postgres-url. Give the address of the server.',
    });
  });
});

describe('a server with a certificate', () => {
  const attempt = (query: string) =>
    withStandIn(answerWithCertificate(certificate), async (port) => {
      return (await failureOf(withPassword(`127.0.0.1:${port}/shop?${query}`))).message;
    });
  const accepted = /does not accept this password/;

  it.each([
    ['sslmode=require', accepted],
    ['sslmode=prefer', accepted],
    [`sslmode=verify-ca&sslrootcert=${tls}/server.pem`, accepted],
    [`sslmode=require&sslrootcert=${tls}/server.pem`, accepted],
    ['sslmode=verify-full', /not signed by an authority that is trusted here/],
    [
      `sslmode=verify-full&sslrootcert=${tls}/server.pem`,
      /certificate is for another name than 127\.0\.0\.1/,
    ],
  ])('is met with %s', async (query, message) => {
    expect(await attempt(query)).toMatch(message);
  });
});

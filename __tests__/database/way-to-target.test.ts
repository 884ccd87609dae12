/** The way to somebody's database: what is sent, to whom, and what is not sent to whoever else may listen there. */
import { readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { parsePostgresUrl } from '../../src/postgres/parse-postgres-url.js';
import { resolveConnection } from '../../src/postgres/resolve-connection.js';
import { withEnvironment } from '../support/environment.js';
import { withFolder } from '../support/notes-bundle.js';
import { addressOf } from '../support/notes-target.js';
import { getTestServer } from '../support/server.js';
import { withStandIn } from '../support/stand-in-server.js';

const tls = '__tests__/fixtures/tls';
const certificateOf = (name: string) => ({
  key: readFileSync(`${tls}/server-key.pem`),
  cert: readFileSync(`${tls}/${name}.pem`),
});

/** An address of this machine that is none of its loopback's, so that what listens there is as strange as any. */
const strange = '0.0.0.0';
const sslRequest = 8;

interface Overheard {
  message: string;
  /** Bytes that were sent unencrypted. */
  clear: number;
  /** Bytes that were sent after the encryption was agreed upon. */
  encrypted: number;
}

/** What somebody who listens there gets to see. */
async function overhear(
  query: string,
  answer: 'N' | 'S' | 'Sx',
  caFile: string | null = null,
  certificate = 'server',
): Promise<Overheard> {
  const heard = { clear: 0, encrypted: 0 };
  const listen = (socket: Socket) => {
    socket.once('data', (data) => {
      heard.clear += data.length;
      socket.write(answer);
      if (answer !== 'S') {
        socket.on('data', (more) => {
          heard.clear += more.length;
        });
        return;
      }
      const encrypted = new TLSSocket(socket, { isServer: true, ...certificateOf(certificate) });
      encrypted.on('error', () => undefined); // A client that does not trust the certificate hangs up.
      encrypted.on('data', (data) => {
        heard.encrypted += data.length;
        encrypted.destroy();
      });
    });
  };
  return withStandIn(listen, async (port) => {
    const address = `postgres://admin:hunter2@${strange}:${port}/shop?connect_timeout=5${query}`;
    const connection = parsePostgresUrl(address, 'database-url', { caFile, isSomebodys: true });
    const message = await resolveConnection(connection, 'database-url').then(
      () => 'connected',
      (error: Error) => error.message,
    );
    expect(message).not.toContain('hunter2');
    return { message, ...heard };
  });
}

describe('a server that is not what it should be', () => {
  it.each([
    ['', 'N', /offers no encryption/],
    ['&sslmode=require', 'N', /offers no encryption/],
    // What was put into the stream before the encryption would be taken for the server's own word.
    ['&sslmode=require', 'Sx', /does not speak the Postgres protocol/],
  ] as const)('is not even told who asks: "%s", %s', async (query, answer, message) => {
    expect(await overhear(query, answer)).toEqual({
      message: expect.stringMatching(message),
      clear: sslRequest,
      encrypted: 0,
    });
  });

  it.each([undefined, '0'])(
    'is not spoken to with a certificate of nobody, NODE_TLS_REJECT_UNAUTHORIZED being %s',
    async (value) => {
      await withEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: value }, async () => {
        expect(await overhear('', 'S')).toEqual({
          message: expect.stringMatching(/not signed by an authority that is trusted here.*or database-ca/),
          clear: sslRequest,
          encrypted: 0,
        });
      });
    },
  );

  it('is not spoken to with the certificate of another', async () => {
    const other = await overhear('', 'S', `${tls}/server.pem`);
    expect(other).toMatchObject({
      message: expect.stringMatching(/is for another name than 0\.0\.0\.0/),
      encrypted: 0,
    });
  });

  it.each<[certificate: string, query: string, message: RegExp]>([
    ['expired', '', /has expired\..*renew.*clock/],
    ['early', '', /is not valid yet\..*clock/],
    ['revoked', `&sslcrl=${tls}/revoked.crl`, /was revoked by its authority/],
    ['revoked', `&sslmode=verify-ca&sslcrl=${tls}/revoked.crl`, /was revoked by its authority/],
    ['signed', `&sslcrl=${tls}/old.crl`, /list of revoked certificates .* too old/],
    ['server', `&sslrootcert=${tls}/server.pem&sslcrl=${tls}/revoked.crl`, /is damaged, or not of every/],
  ])('is not spoken to where its certificate is that: %s, "%s"', async (certificate, query, message) => {
    const authority = query.includes('sslrootcert') ? null : `${tls}/authority.pem`;
    expect(await overhear(query, 'S', authority, certificate)).toEqual({
      message: expect.stringMatching(message),
      clear: sslRequest,
      encrypted: 0,
    });
  });

  it('is spoken to where nobody has revoked its certificate', async () => {
    const heard = await overhear(`&sslcrl=${tls}/revoked.crl`, 'S', `${tls}/authority.pem`, 'signed');
    expect(heard.encrypted).toBeGreaterThan(0);
  });

  it.each(['&sslmode=require', `&sslmode=verify-ca&sslrootcert=${tls}/server.pem`])(
    'is spoken to with %s, as libpq does',
    async (query) => {
      expect((await overhear(query, 'S')).encrypted).toBeGreaterThan(0);
    },
  );
});

describe('a password file', () => {
  const { connection } = getTestServer();
  const address = addressOf(connection).replace(/:[^:@/]*@/, '@');
  const connect = () =>
    resolveConnection(parsePostgresUrl(address, 'database-url', { isSomebodys: true }), 'database-url');

  const withPasswordFile = (mode: number, work: () => Promise<void>) =>
    withFolder(async (folder) => {
      const file = path.join(folder, 'passwords');
      const { host, port, user, password } = connection;
      await writeFile(
        file,
        `other:*:*:*:wrong\n${host.replaceAll(':', '\\:')}:${port}:*:${user}:${password}\n`,
      );
      await chmod(file, mode);
      await withEnvironment({ PGPASSFILE: file, PGPASSWORD: undefined }, work);
    });

  it('has the password that the address does not have', async () => {
    await withPasswordFile(0o600, async () => {
      await expect(connect()).resolves.toMatchObject({ password: connection.password });
    });
  });

  it('is left alone where others may read it, as libpq does', async () => {
    await withPasswordFile(0o644, async () => {
      await expect(connect()).rejects.toThrow(
        /the server asks for a password, and \S+passwords was not read, as by libpq: .*chmod 600 \S+passwords/,
      );
    });
  });
});

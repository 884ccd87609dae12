/** A database, as of a snapshot that another session holds → what pg_dump writes of it, as SQL, as it comes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { UserError } from '../errors.js';
import type { ConnectionSettings } from '../postgres/connection.js';

export interface DumpRequest {
  readonly pgDump: string;
  readonly connection: ConnectionSettings;
  readonly snapshot: string;
  /** The host's own. */
  readonly withoutSchemas: readonly string[];
  readonly signal: AbortSignal;
}

/** Ended with its reader. Throws a UserError with what pg_dump said where it did not come to its end. */
export async function* dumpDatabase(request: DumpRequest): AsyncGenerator<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'schema-fix-dump-'));
  try {
    yield* runPgDump(request, await describeWay(request.connection, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* runPgDump(
  { pgDump, snapshot, withoutSchemas, signal }: DumpRequest,
  way: Readonly<Record<string, string>>,
): AsyncGenerator<Buffer> {
  const options = [
    '--no-password',
    '--format=plain',
    '--encoding=UTF8',
    '--lock-wait-timeout=10000',
    `--snapshot=${snapshot}`,
    ...withoutSchemas.map((schema) => `--exclude-schema="${schema.replaceAll('"', '""')}"`),
  ];
  const child = spawn(pgDump, options, { stdio: ['ignore', 'pipe', 'pipe'], env: way, signal });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  const closed = once(child, 'close');
  // Told where the output ends; it may end before anybody waits for it.
  closed.catch(() => undefined);
  try {
    yield* child.stdout;
    const [exitCode, killedBy] = await closed;
    if (exitCode !== 0) {
      const why = said.trim() || `it was ended by ${killedBy ?? `exit code ${exitCode}`}`;
      throw new UserError(
        `backup: pg_dump did not come to its end: ${why}. Nothing was begun. Put that right, or take copy.`,
        { exitCode: 3 },
      );
    }
  } finally {
    child.kill();
  }
}

/** By the environment, which other users of the machine cannot read; nothing of the caller's libpq settings comes along. */
async function describeWay(
  { host, port, user, password, database, ssl, sslnegotiation, connectionTimeoutMillis }: ConnectionSettings,
  folder: string,
): Promise<Record<string, string>> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^PG|^SCHEMA_FIX_|^INPUT_|TOKEN|SECRET/i.test(name),
  );
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ''])),
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    ...(password !== undefined && { PGPASSWORD: password }),
    PGAPPNAME: 'schema-fix backup',
    // It would come before TLS, to whoever the ticket is for.
    PGGSSENCMODE: 'disable',
    PGCONNECT_TIMEOUT: String(Math.ceil(connectionTimeoutMillis / 1000)),
    ...(sslnegotiation !== undefined && { PGSSLNEGOTIATION: sslnegotiation }),
    ...(await describeEncryption(ssl, folder)),
  };
}

async function describeEncryption(
  ssl: ConnectionSettings['ssl'],
  folder: string,
): Promise<Record<string, string>> {
  if (ssl === false) return { PGSSLMODE: 'disable' };
  // A name of no file: libpq would verify by its own root.crt otherwise, though nobody asked for it.
  if (ssl.rejectUnauthorized === false) {
    return { PGSSLMODE: 'require', PGSSLROOTCERT: join(folder, 'none') };
  }
  const file = join(folder, 'authorities.pem');
  // libpq knows the authorities of the system from 16 on only.
  const authorities = [ssl.ca ?? rootCertificates].flat();
  await writeFile(file, authorities.map(String).join('\n'));
  // Always one of ours: libpq would heed what is revoked by another authority than those.
  const revoked = join(folder, 'revoked.pem');
  if (ssl.crl !== undefined) await writeFile(revoked, [ssl.crl].flat().map(String).join('\n'));
  return {
    PGSSLCRL: revoked,
    PGSSLMODE: ssl.checkServerIdentity === undefined ? 'verify-full' : 'verify-ca',
    PGSSLROOTCERT: file,
  };
}

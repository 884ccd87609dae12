import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UserError } from '../../../src/errors.js';
import { formatAddress } from '../../../src/postgres/connection.js';
import { parsePostgresUrl } from '../../../src/postgres/parse-postgres-url.js';

const parse = (text: string) => parsePostgresUrl(text, 'postgres-url');

function failureOf(text: string): UserError {
  try {
    parse(text);
  } catch (error: unknown) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it parsed');
}

describe('parsePostgresUrl', () => {
  it('reads every part', () => {
    expect(
      parse('postgresql://admin:secret@db.example.com:6543/shop?sslmode=disable&connect_timeout=3'),
    ).toEqual({
      host: 'db.example.com',
      port: 6543,
      user: 'admin',
      password: 'secret',
      database: 'shop',
      ssl: false,
      isSslOptional: false,
      connectionTimeoutMillis: 3000,
    });
  });

  it('fills in what is missing', () => {
    expect(parse('postgres://')).toEqual({
      host: 'localhost',
      port: 5432,
      user: userInfo().username,
      password: process.env.PGPASSWORD,
      database: 'postgres',
      ssl: { rejectUnauthorized: false },
      isSslOptional: true,
      connectionTimeoutMillis: 10_000,
    });
  });

  it.each([
    ['user:@/ n#m+e', 'postgres://u:user%3A%40%2F%20n%23m%2Be@h/d'],
    ['a@b', 'postgres://u:a@b@h/d'],
    ['50%', 'postgres://u:50%25@h/d'],
    ['$"\\^`{}', 'postgres://u:$"\\^`{}@h/d'],
    ['line\nbreak', 'postgres://u:line%0Abreak@h/d'],
    ['p:q', 'postgres://u:p:q@h/d'],
    ['pässwörd', 'postgres://u:pässwörd@h/d'],
  ])('decodes the password %j', (password, text) => {
    expect(parse(text)).toMatchObject({ host: 'h', user: 'u', password, database: 'd' });
  });

  it.each([
    ['postgres://u@[::1]:5433/d', { host: '::1', port: 5433 }],
    ['postgres://u@%2Ftmp%2Fsockets/d', { host: '/tmp/sockets', ssl: false }],
    ['postgres:///d?host=/tmp/sockets&port=5433&user=u', { host: '/tmp/sockets', port: 5433, user: 'u' }],
    ['  postgres://u@h/d\n', { host: 'h', database: 'd' }],
    ['postgres://u@h/my%20shop', { database: 'my shop' }],
  ])('understands %s', (text, expected) => {
    expect(parse(text)).toMatchObject(expected);
  });

  it.each([
    ['', /^postgres-url does not begin with postgres:\/\//],
    ['mysql://u:hunter2@h/d', /does not begin with postgres:\/\/ or postgresql:\/\//],
    ['host=h password=hunter2', /does not begin with/],
    ['postgres://u:hunter2@h:port/d', /does not parse/],
    ['postgres://u:hunter2@h:99999/d', /does not parse/],
    ['postgres://u:hunter2/x@h/d', /a character where it cannot be.*\/ is written %2F/],
    ['postgres://u:12#hunter2@h/d', /a character where it cannot be.*# %23/],
    ['postgres://u:12?hunter2@h/d', /a character where it cannot be.*\? %3F/],
    ['postgres://u:a@hunter2/x@h/d', /a character where it cannot be/],
    ['postgres://u:hunter2\nx@h/d', /a line break %0A/],
    ['postgres://u:hunter2%zz@h/d', /A percent sign itself is written %25/],
    ['postgres://u:hunter2@h1,h2/d', /several hosts/],
    ['postgres://u:hunter2@h/d?port=http', /port is not a number/],
    ['postgres://u:hunter2@h/d?sslmode=on', /sslmode is one of disable, allow, prefer, require/],
    ['postgres://u:hunter2@h/d?ssl_mode=require', /the parameter ssl_mode is not supported/],
    ['postgres://u:hunter2@h/d?sslmode=verify-ca', /verify-ca needs sslrootcert/],
    [
      'postgres://u:hunter2@h/d?sslmode=verify-full&sslrootcert=/nowhere.pem',
      /\/nowhere\.pem cannot be read/,
    ],
  ])('refuses %j and repeats no password', (text, message) => {
    const failure = failureOf(text);
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toContain('hunter2');
    expect(failure.exitCode).toBe(2);
  });
});

describe("libpq's sslmode", () => {
  let folder: string;
  let caFile: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ca-'));
    caFile = path.join(folder, 'ca.pem');
    writeFileSync(caFile, 'CERTIFICATES');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['', { rejectUnauthorized: false }, true],
    ['?sslmode=allow', { rejectUnauthorized: false }, true],
    ['?sslmode=prefer', { rejectUnauthorized: false }, true],
    ['?sslmode=require', { rejectUnauthorized: false }, false],
    ['?sslmode=verify-full', {}, false],
    ['?sslmode=verify-full&sslrootcert=system', {}, false],
    ['?sslmode=disable', false, false],
  ])('is, written "%s", what it is to libpq', (query, ssl, isSslOptional) => {
    expect(parse(`postgres://u@h/d${query}`)).toMatchObject({ ssl, isSslOptional });
  });

  it.each(['require', 'verify-ca'])('checks the chain but not the name with certificates and %s', (mode) => {
    const { ssl } = parse(`postgres://u@h/d?sslmode=${mode}&sslrootcert=${caFile}`);
    expect(ssl).toEqual({ ca: 'CERTIFICATES', checkServerIdentity: expect.any(Function) });
  });

  it.each(['', '?sslmode=verify-full'])(
    'checks chain and name with a file of certificates and "%s"',
    (query) => {
      const connection = parsePostgresUrl(`postgres://u@h/d${query}`, 'database-url', { caFile });
      expect(connection).toMatchObject({ ssl: { ca: 'CERTIFICATES' }, isSslOptional: false });
      expect(connection.ssl).not.toHaveProperty('checkServerIdentity');
    },
  );
});

describe('formatAddress', () => {
  it('shows everything but the password', () => {
    expect(formatAddress(parse('postgres://admin:hunter2@h:1/d'))).toBe('h:1/d as admin');
    expect(formatAddress(parse('postgres://admin:hunter2@[::1]/d'))).toBe('[::1]:5432/d as admin');
  });
});

import { X509Certificate } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UserError } from '../../../src/errors.js';
import { formatAddress } from '../../../src/postgres/connection.js';
import { parsePostgresUrl } from '../../../src/postgres/parse-postgres-url.js';
import { withEnvironment } from '../../support/environment.js';
import { withFolder } from '../../support/notes-bundle.js';

const certificates = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n';

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
      sslWarning: null,
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
      sslWarning: null,
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
    // libpq takes none; behind a zero stands what the server would take for a parameter.
    ['postgres://u:hunter2@h/d?application_name=x%00options%00-csearch_path%3Devil', /a character where/],
    ['postgres://u%00options%00-csearch_path%3Devil:hunter2@h/d', /a character where it cannot be/],
    ['postgres://u:hunter2@h/d?application_name=x%00database%00production', /a character where/],
    ['postgres://u:hunter2%zz@h/d', /A percent sign itself is written %25/],
    ['postgres://u:hunter2@h1,h2/d', /several hosts/],
    ['postgres://u:hunter2@h/d?port=http', /port is not a number/],
    ['postgres://u:hunter2@h/d?sslmode=on', /sslmode is one of disable, allow, prefer, require/],
    ['postgres://u:hunter2@h/d?ssl_mode=require', /the parameter ssl_mode is not supported\. There are/],
    ['postgres://u:hunter2@h/d?sslmode=verify-ca', /verify-ca needs sslrootcert/],
    ['postgres://u:hunter2@h/d?sslmode=require&sslrootcert=system', /system needs sslmode=verify-full/],
    ['postgres://u:hunter2@h1:1,h2:2/d', /several hosts/],
    ['postgres://u:hunter2@h/d?sslmode=verify-full&sslmode=disable', /sslmode is there twice/],
    ['postgres://u:hunter2@h/d?service=production', /a service file is not read/],
    ['postgres://u:hunter2@h/d?options=-csearch_path%3Devil', /options is not supported: it would set/],
    [
      'postgres://u:hunter2@h/d?hostaddr=10.0.0.1',
      /hostaddr is not supported: the server is verified by its/,
    ],
    [
      'postgres://u:hunter2@h/d?pgbouncer=true',
      /it is for Prisma, and says that this is a transaction pooler/,
    ],
    ['postgres://u:x@h/d?hunter2=', /the parameter that is there is not supported\. There are host, port/],
    ['postgres://u:hunter2@h/d?channel_binding=require', /channel_binding=require needs sslmode=verify-full/],
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
    writeFileSync(caFile, certificates);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['', { rejectUnauthorized: false }, true],
    ['?sslmode=allow', { rejectUnauthorized: false }, true],
    ['?sslmode=prefer', { rejectUnauthorized: false }, true],
    ['?sslmode=require', { rejectUnauthorized: false }, false],
    ['?sslmode=verify-full', { rejectUnauthorized: true }, false],
    ['?sslmode=verify-full&sslrootcert=system', { rejectUnauthorized: true }, false],
    ['?sslmode=disable', false, false],
  ])('is, written "%s", what it is to libpq', (query, ssl, isSslOptional) => {
    expect(parse(`postgres://u@h/d${query}`)).toMatchObject({ ssl, isSslOptional });
  });

  it.each(['require', 'verify-ca'])('checks the chain but not the name with certificates and %s', (mode) => {
    const { ssl } = parse(`postgres://u@h/d?sslmode=${mode}&sslrootcert=${caFile}`);
    expect(ssl).toEqual({
      rejectUnauthorized: true,
      ca: certificates,
      checkServerIdentity: expect.any(Function),
    });
  });

  it.each(['', '?sslmode=verify-full'])(
    'checks chain and name with a file of certificates and "%s"',
    (query) => {
      const connection = parsePostgresUrl(`postgres://u@h/d${query}`, 'database-url', { caFile });
      expect(connection).toMatchObject({ ssl: { ca: certificates }, isSslOptional: false });
      expect(connection.ssl).not.toHaveProperty('checkServerIdentity');
    },
  );
});

describe("the address of somebody's database", () => {
  const theirs = (text: string, caFile: string | null = null) =>
    parsePostgresUrl(text, 'database-url', { isSomebodys: true, caFile });
  const remote = 'postgres://u:hunter2@db.example.com/d';

  it.each([
    ['its server is verified', remote, { ssl: { rejectUnauthorized: true } }],
    ['so is one that listens on this machine by another name', 'postgres://u@0.0.0.0/d', { ssl: {} }],
    ['require is what it is to libpq', `${remote}?sslmode=require`, { ssl: { rejectUnauthorized: false } }],
    ['Neon is taken by its word', `${remote}?sslmode=verify-full&channel_binding=require`, {}],
  ])('is reached so that %s', (_what, text, settings) => {
    const connection = theirs(text);
    expect(connection).toMatchObject({ ...settings, isSslOptional: false });
    expect(connection.sslWarning === null).toBe(!text.includes('require') || text.includes('verify-full'));
  });

  it.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]', '%2Ftmp', 'LOCALHOST'])(
    'needs no encryption on this machine: %s',
    (host) => {
      expect(theirs(`postgres://u@${host}/d?sslmode=disable`)).toMatchObject({
        ssl: false,
        sslWarning: null,
      });
    },
  );

  it.each([
    ['db.example.com', ''],
    ['localhost.example.com', ''],
    ['0.0.0.0', ''],
    ['2130706433', ''],
    ['localhost', '&host=db.example.com'],
  ])('is never reached in clear text: %s%s', (host, more) => {
    for (const mode of ['disable', 'allow', 'prefer']) {
      expect(() => theirs(`postgres://u:hunter2@${host}/d?sslmode=${mode}${more}`)).toThrow(
        `sslmode=${mode} could send the password and the data to`,
      );
    }
  });

  it('is not reached in clear text because a variable says so', async () => {
    await withEnvironment({ PGSSLMODE: 'disable' }, async () => {
      expect(() => theirs(remote)).toThrow('sslmode=disable could send');
    });
  });

  it.each([
    'postgres://u@db.abcdefghijklmnopqrst.supabase.co/postgres',
    'postgres://postgres.abcdefghijklmnopqrst@aws-0-eu-west-1.pooler.supabase.com/postgres',
    'postgres://u@DB.abcdefghijklmnopqrst.SUPABASE.CO./postgres?sslmode=require',
  ])("is verified against Supabase's authorities there: %s", (text) => {
    const { ssl } = theirs(text);
    expect(ssl).toMatchObject({ rejectUnauthorized: true, ca: expect.stringContaining('BEGIN CERTIFICATE') });
    const texts =
      String((ssl as { ca: string }).ca).match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    // As Supabase's own command line holds them, and as others have read them from the servers.
    expect(texts.map((pem) => new X509Certificate(pem).fingerprint256)).toEqual([
      '80:70:25:AD:50:D4:ED:21:9D:2C:9C:7D:29:9C:00:4F:82:4E:B0:0C:F7:F6:5A:FE:F6:07:D0:7B:72:E6:CA:FA',
      '5F:9B:77:95:1A:7A:A1:30:3F:9B:58:EE:A9:BF:A8:9E:35:8C:FD:C1:5F:97:86:FF:10:D4:93:0A:72:2C:9A:E2',
    ]);
  });

  it('warns where the certificate is verified and the name is not', () => {
    const caFile = 'certificates/supabase.pem';
    expect(theirs(`${remote}?sslmode=verify-ca`, caFile).sslWarning).toMatch(
      /not that it is for this server/,
    );
    expect(theirs(remote, caFile).sslWarning).toBeNull();
  });

  it.each([
    ['an empty', Buffer.from('\n')],
    ['a binary', Buffer.from([0x30, 0x82, 0x01, 0x0a])],
    ['a key of', Buffer.from('-----BEGIN PRIVATE KEY-----')],
  ])('trusts nobody by %s file', async (_what, content) => {
    await withFolder(async (folder) => {
      const file = path.join(folder, 'authority.crt');
      writeFileSync(file, content);
      const message = `${file} holds no certificate that begins with -----BEGIN CERTIFICATE-----`;
      expect(() => theirs(remote, file)).toThrow(message);
      expect(() => theirs(`${remote}?sslmode=verify-ca&sslrootcert=${file}`)).toThrow(message);
    });
  });

  describe('where libpq keeps the authorities of its user', () => {
    const withRoot = (files: Readonly<Record<string, string>>, work: (root: string) => void) =>
      withFolder(async (home) => {
        const folder = path.join(home, process.platform === 'win32' ? 'postgresql' : '.postgresql');
        mkdirSync(folder);
        for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
        const environment = { HOME: home, APPDATA: home, PGSSLROOTCERT: undefined, PGSSLMODE: undefined };
        await withEnvironment(environment, async () => work(path.join(folder, 'root.crt')));
      });
    const root = { 'root.crt': certificates };
    const revoked = '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----';

    it.each(['', '?sslmode=verify-full', '?sslrootcert=', '?sslmode='])(
      'trusts these alone, by certificate and name: "%s"',
      async (query) => {
        await withRoot(root, (file) => {
          for (const address of [remote, 'postgres://u@db.abcdefghijklmnopqrst.supabase.co/postgres']) {
            expect(theirs(`${address}${query}`)).toMatchObject({
              ssl: { rejectUnauthorized: true, ca: certificates },
              ownAuthorities: file,
              sslWarning: null,
            });
          }
        });
      },
    );

    it.each(['require', 'verify-ca'])('%s verifies the certificate, here and elsewhere', async (mode) => {
      await withRoot(root, () => {
        for (const host of ['db.example.com', 'localhost']) {
          expect(theirs(`postgres://u@${host}/d?sslmode=${mode}`).ssl).toEqual({
            rejectUnauthorized: true,
            ca: certificates,
            checkServerIdentity: expect.any(Function),
          });
        }
      });
    });

    it.each(['', '?sslmode=prefer', '?sslmode=allow', '?sslmode=disable'])(
      'asks nothing more of a server on this machine: "%s"',
      async (query) => {
        await withRoot(root, () => {
          const without = theirs(`postgres://u@localhost/d${query}`);
          expect(without).not.toHaveProperty('ownAuthorities');
          expect(without.ssl === false || without.ssl.ca === undefined).toBe(true);
        });
      },
    );

    it('is not looked into where something else is named', async () => {
      await withRoot(root, () => {
        expect(theirs(`${remote}?sslmode=verify-full&sslrootcert=system`).ssl).toEqual({
          rejectUnauthorized: true,
        });
        expect(theirs(remote, 'certificates/supabase.pem').ssl).not.toMatchObject({ ca: certificates });
        // A server with nothing of anybody on it is taken as its address says.
        expect(parse(`${remote}?sslmode=require`).ssl).toEqual({ rejectUnauthorized: false });
      });
    });

    it('is refused where it cannot be read or holds none', async () => {
      await withRoot({ 'root.crt': '' }, (file) => {
        expect(() => theirs(remote)).toThrow(`${file} holds no certificate`);
      });
    });

    it('has what was revoked beside it', async () => {
      await withRoot({ ...root, 'root.crl': `${revoked}\nof another authority\n${revoked}` }, () => {
        const crl = [revoked, revoked];
        expect(theirs(remote).ssl).toMatchObject({ ca: certificates, crl });
        expect(theirs(`${remote}?sslmode=require`).ssl).toMatchObject({ crl });
        expect(theirs(remote, 'certificates/supabase.pem').ssl).toMatchObject({ crl });
      });
      await withRoot({ 'root.crl': revoked }, () => {
        expect(theirs(remote).ssl).toEqual({ rejectUnauthorized: true });
      });
    });

    it('has what sslcrl or PGSSLCRL lists instead', async () => {
      await withRoot({ ...root, 'root.crl': 'OLDER', 'other.crl': revoked }, async (file) => {
        const other = path.join(path.dirname(file), 'other.crl');
        expect(() => theirs(remote)).toThrow('root.crl holds no list of revoked certificates');
        expect(theirs(`${remote}?sslcrl=${other}`).ssl).toMatchObject({ crl: [revoked] });
        await withEnvironment({ PGSSLCRL: other }, async () => {
          expect(theirs(remote).ssl).toMatchObject({ crl: [revoked] });
          expect(theirs(`${remote}?sslmode=verify-full&sslrootcert=system`).ssl).toEqual({
            rejectUnauthorized: true,
            crl: [revoked],
          });
        });
      });
      await withRoot({ 'other.crl': revoked }, (file) => {
        const other = path.join(path.dirname(file), 'other.crl');
        for (const query of [`?sslmode=require&sslcrl=${other}`, `?sslmode=verify-full&sslcrl=${file}`])
          expect(() => theirs(`${remote}${query}`)).toThrow(/none is verified|cannot be read/);
      });
    });
  });

  it("takes from libpq's variables what it does not say", async () => {
    const environment = {
      PGHOST: 'db.example.com',
      PGPORT: '5433',
      PGUSER: 'somebody',
      PGDATABASE: 'app',
      PGPASSWORD: 'pä%ss',
      PGAPPNAME: 'night run',
    };
    await withEnvironment(environment, async () => {
      expect(theirs('postgres://')).toMatchObject({
        host: 'db.example.com',
        port: 5433,
        user: 'somebody',
        database: 'app',
        password: 'pä%ss',
        application_name: 'night run',
      });
      expect(theirs('postgres://u:p@other:1/d')).toMatchObject({
        host: 'other',
        port: 1,
        user: 'u',
        database: 'd',
        password: 'p',
      });
      // A throwaway server is only where its address says.
      expect(parse('postgres://')).toMatchObject({ host: 'localhost', port: 5432, database: 'postgres' });
    });
  });

  it('is refused while the environment asks for more safety than there is', async () => {
    await withEnvironment({ PGGSSENCMODE: 'require' }, async () => {
      expect(() => theirs(remote)).toThrow('sets PGGSSENCMODE to require, which is not supported.');
    });
    await withEnvironment({ PGGSSENCMODE: 'disable', PGSSLCERTMODE: 'allow' }, async () => {
      expect(() => theirs(remote)).not.toThrow();
    });
  });

  it.each(['PGSERVICE', 'PGOPTIONS', 'PGHOSTADDR', 'PGREQUIREAUTH', 'PGSSLCRLDIR'])(
    'is refused while %s is set, which it would not heed',
    async (name) => {
      await withEnvironment({ [name]: 'hunter2' }, async () => {
        expect(() => theirs(remote)).toThrow(
          `database-url: the environment sets ${name}, which is not supported.`,
        );
        expect(() => theirs(remote)).not.toThrow('hunter2');
      });
    },
  );
});

describe('formatAddress', () => {
  it('shows everything but the password', () => {
    expect(formatAddress(parse('postgres://admin:hunter2@h:1/d'))).toBe('h:1/d as admin');
    expect(formatAddress(parse('postgres://admin:hunter2@[::1]/d'))).toBe('[::1]:5432/d as admin');
  });
});

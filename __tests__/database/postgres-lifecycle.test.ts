import { mkdir, readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { withServer } from '../../src/postgres/with-server.js';
import { type HeldServer, nothing, until, withHeldServer } from '../support/held-server.js';
import { getTestServer, withClient, withTestServer } from '../support/server.js';

describe('a run that is killed with SIGKILL', () => {
  it.each([0, 60, 120, 240])('leaves nothing %d ms after it began', async (milliseconds) => {
    await withHeldServer({}, async ({ holder, waitUntilGone }) => {
      await sleep(milliseconds);
      holder.kill('SIGKILL');
      expect(await waitUntilGone()).toEqual(nothing);
    });
  });

  it.each([0, 40, 100, 200, 300, 400])(
    'leaves nothing while a server is made, after %d ms',
    async (delay) => {
      await withHeldServer({}, async ({ holder, parent, said, waitUntilGone }) => {
        await said('postgres-starting');
        await until(async () => (await readdir(parent)).length > 0);
        await sleep(delay);
        holder.kill('SIGKILL');
        expect(await waitUntilGone()).toEqual(nothing);
      });
    },
  );

  it.each([0, 500])('leaves nothing %d ms after the server was ready', async (milliseconds) => {
    await withHeldServer({}, async ({ holder, said, listRemains, waitUntilGone }) => {
      await said('postgres-ready');
      await sleep(milliseconds);
      expect(await listRemains()).not.toEqual(nothing);
      holder.kill('SIGKILL');
      expect(await waitUntilGone()).toEqual(nothing);
    });
  });

  it.each([0, 800])('leaves nothing while binaries are fetched, after %d ms', async (milliseconds) => {
    const env = (cache: string) => ({ SCHEMA_FIX_CACHE: cache, HOLD_MAJOR: '14' });
    await withHeldServer({ env }, async ({ holder, parent, waitUntilGone }) => {
      await until(async () => (await readdir(parent)).length > 0);
      await sleep(milliseconds);
      holder.kill('SIGKILL');
      expect(await waitUntilGone()).toEqual(nothing);
    });
  });

  it('leaves no backend that was busy', async () => {
    await withHeldServer({ env: () => ({ HOLD_BUSY: 'yes' }) }, async ({ holder, said, waitUntilGone }) => {
      await said('busy');
      await sleep(200);
      holder.kill('SIGKILL');
      expect(await waitUntilGone()).toEqual(nothing);
    });
  });
});

describe('a run that is stopped', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves nothing after %s to its group, as Ctrl-C sends it',
    async (signal) => {
      await withHeldServer({}, async ({ holder, said, waitUntilGone }) => {
        await said('postgres-ready');
        process.kill(-(holder.pid as number), signal);
        expect(await waitUntilGone()).toEqual(nothing);
      });
    },
  );

  it('throws the reason at once and leaves the work to itself when it is aborted during the work', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let data = '';
    const run = withServer(
      { source: 'embedded', major: null, url: null, image: null },
      { progress: () => undefined, signal: controller.signal },
      async ({ connection }) => {
        data = connection.host;
        controller.abort(reason);
        await new Promise(() => {});
      },
    );
    await expect(run).rejects.toBe(reason);
    await expect(readdir(data)).rejects.toThrow('ENOENT');
  });

  it('throws the reason when it is aborted while the server starts', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const run = withServer(
      { source: 'embedded', major: null, url: null, image: null },
      {
        progress: ({ kind }) => kind === 'postgres-starting' && controller.abort(reason),
        signal: controller.signal,
      },
      async () => 'a server that nobody wanted any more',
    );
    await expect(run).rejects.toBe(reason);
  });
});

describe('withServer', () => {
  it('gives what the work gives, and the server is gone then', async () => {
    const host = await withTestServer({}, async ({ connection }) => connection.host);
    await expect(readdir(path.dirname(host))).rejects.toThrow('ENOENT');
  });

  it('passes on an error of the work as it is, and the server is gone then', async () => {
    const failure = new Error('the work failed');
    let host = '';
    const run = withTestServer({}, async ({ connection }) => {
      host = connection.host;
      throw failure;
    });
    await expect(run).rejects.toBe(failure);
    await expect(readdir(path.dirname(host))).rejects.toThrow('ENOENT');
  });

  it('keeps two servers apart that run at once', async () => {
    await withTestServer({}, async (one) => {
      await withTestServer({}, async (other) => {
        expect(other.connection.host).not.toBe(one.connection.host);
        expect(other.connection.password).not.toBe(one.connection.password);
        await withClient(one.connection, (client) => client.query('create table public.mine ()'));
        const { rows } = await withClient(other.connection, (client) =>
          client.query("select pg_catalog.to_regclass('public.mine') as mine"),
        );
        expect(rows).toEqual([{ mine: null }]);
      });
    });
  });

  it('makes a server that asks for the password', async () => {
    const guess = withClient({ ...getTestServer().connection, password: 'guess' }, async () => undefined);
    await expect(guess).rejects.toMatchObject({ code: '28P01' });
  });

  it('makes a server that listens on no port', async () => {
    const { rows } = await withClient(getTestServer().connection, (client) =>
      client.query('show listen_addresses'),
    );
    expect(rows).toEqual([{ listen_addresses: '' }]);
  });

  it('makes a server that is ready for publications, and knows the case of letters', async () => {
    const { rows } = await withClient(getTestServer().connection, (client) =>
      client.query(
        "select pg_catalog.current_setting('wal_level') as wal, pg_catalog.lower('ÉCOLE') as lower",
      ),
    );
    expect(rows).toEqual([{ wal: 'logical', lower: 'école' }]);
  });
});

describe('a supervisor that was killed itself', () => {
  it('leaves a server behind that the next run removes', async () => {
    await withHeldServer({}, async (killed) => {
      await killed.said('postgres-ready');
      const [directory] = await readdir(killed.parent);
      await killSupervisor(killed);
      expect(await killed.listRemains()).not.toEqual(nothing);

      const longAgo = new Date(Date.now() - 60_000);
      await utimes(path.join(killed.parent, directory as string), longAgo, longAgo);
      await withHeldServer({ parent: killed.parent }, async ({ said }) => {
        await said('postgres-ready');
        await until(async () => !(await readdir(killed.parent)).includes(directory as string));
      });
      expect(await killed.waitUntilGone()).toEqual(nothing);
    });
  });

  it('is not believed to own what only has the name of its directories', async () => {
    await withHeldServer({}, async ({ parent, said }) => {
      const stranger = path.join(parent, 'schema-fix-pg-report');
      await mkdir(stranger);
      const longAgo = new Date(Date.now() - 60_000);
      await utimes(stranger, longAgo, longAgo);
      await withHeldServer({ parent }, async (next) => {
        await next.said('postgres-ready');
        await sleep(500);
      });
      await said('postgres-ready');
      expect(await readdir(parent)).toContain('schema-fix-pg-report');
    });
  });

  it('is the only one whose server the next run removes', async () => {
    await withHeldServer({}, async (living) => {
      await living.said('postgres-ready');
      const [directory] = await readdir(living.parent);
      const longAgo = new Date(Date.now() - 60_000);
      await utimes(path.join(living.parent, directory as string), longAgo, longAgo);
      await withHeldServer({ parent: living.parent }, async ({ said }) => {
        await said('postgres-ready');
        await sleep(500);
        expect(await readdir(living.parent)).toContain(directory);
      });
      living.holder.kill('SIGKILL');
      expect(await living.waitUntilGone()).toEqual(nothing);
    });
  });
});

/** The holder has to go first, or it would wait for its supervisor and say so. */
async function killSupervisor({ holder, listRemains }: HeldServer): Promise<void> {
  const { processes } = await listRemains();
  const supervisor = processes.find(({ command }) => command.includes('supervisor.js'));
  process.kill(supervisor?.pid as number, 'SIGKILL');
  holder.kill('SIGKILL');
}

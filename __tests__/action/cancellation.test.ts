import { type ChildProcess, execFile } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { workflowBot } from '../support/github/accounts.js';
import { listProcesses, until } from '../support/held-server.js';
import { withFolder, withNotesBundle } from '../support/notes-bundle.js';
import { nodes } from '../support/runner/find-node.js';
import { messagesOf } from '../support/runner/read-log.js';
import { rehearse, withGitHub } from '../support/runner/rehearsal.js';
import type { Step } from '../support/runner/run-action.js';

const post = path.resolve(import.meta.dirname, '../../dist/post/index.js');
const docker = path.resolve(import.meta.dirname, '../fixtures/docker-stand-in.mjs');
const body = '<!-- schema-fix-action of an earlier run -->';

const endless = `--! Title: Every note has an author
select pg_catalog.pg_sleep(60);
`;

async function runPost(node: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(node, [post], {
    env: { ...process.env, ...environment },
  });
  return stdout + stderr;
}

/** A run with a server of its own, in a folder where nothing else is, that is stopped while it applies the fix. */
async function stopInTheMiddle(
  node: string,
  stop: (child: ChildProcess) => Promise<void>,
  afterwards: (step: Step, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    await chmod(folder, 0o711); // Under root the server is run by another account.
    await withNotesBundle({ 'sections/01_author.sql': endless }, async (bundle) => {
      await withGitHub({ comments: [{ id: 1, issue: 12, author: workflowBot, body }] }, async (github) => {
        const inputs = { bundle, 'postgres-url': '', 'postgres-source': 'embedded' };
        const environment = { SCHEMA_FIX_TMPDIR: folder };
        const step = await rehearse({ node, github, inputs, environment }, async (child) => {
          await until(async () => (await readdir(folder)).length > 0);
          await sleep(2_000);
          expect((await listProcesses(folder)).length).toBeGreaterThan(1);
          await stop(child);
        });
        expect(github.state.comments).toEqual([{ id: 1, issue: 12, author: workflowBot, body }]);
        await afterwards(step, folder);
      });
    });
  });
}

describe.each(nodes)('a cancelled run, on Node %i', (_major, node) => {
  it('ends at once, says so, and leaves neither server nor comment', async () => {
    let stoppedAt = 0;
    const stop = async (child: ChildProcess) => {
      stoppedAt = Date.now();
      child.kill('SIGINT');
      child.kill('SIGTERM'); // At once: a later one may meet a process that has cleaned up and is ending already.
    };
    await stopInTheMiddle(node, stop, async (step, folder) => {
      // The runner would kill after ten seconds.
      expect(Date.now() - stoppedAt).toBeLessThan(7_500);
      expect(step.exitCode).toBe(1);
      expect(messagesOf(step.log, 'error')).toEqual([expect.stringMatching(/Stopped by SIG(INT|TERM)\./)]);
      expect(await readdir(folder)).toEqual([]);
      expect(await listProcesses(folder)).toEqual([]);
    });
  });

  it('that was killed outright leaves nothing either, and the last step agrees', async () => {
    await stopInTheMiddle(
      node,
      async (child) => void child.kill('SIGKILL'),
      async (_step, folder) => {
        await until(async () => (await listProcesses(folder)).length === 0);
        await runPost(node, { SCHEMA_FIX_TMPDIR: folder });
        expect(await readdir(folder)).toEqual([]);
      },
    );
  });

  it('leaves no container to the last step, where the supervisor was killed too', async () => {
    await withFolder(async (folder) => {
      const label = `schema-fix-action.owner=${hostname()}:${path.join(folder, 'gone')}`;
      await mkdir(path.join(folder, 'containers', 'orphan'), { recursive: true });
      await writeFile(path.join(folder, 'containers', 'orphan', 'label'), label);
      const output = await runPost(node, { DOCKER: docker, DOCKER_STAND_IN: folder });
      expect(await readdir(path.join(folder, 'containers'))).toEqual([]);
      expect(output).not.toContain('::warning');
    });
  });

  it('needs no docker for its last step', async () => {
    expect(await runPost(node, { DOCKER: '/no/such/docker' })).not.toContain('::warning');
  });
});

/** A step that is stopped or killed while it is at work on somebody's database: what became of that is told, and nothing is left. */
import type { ChildProcess } from 'node:child_process';
import { describe, expect, it, jest } from '@jest/globals';
import { killAtWork } from '../support/at-work.js';
import { type Cut, withCuttingProxy } from '../support/cutting-proxy.js';
import { type Changes, withNotesBundle } from '../support/notes-bundle.js';
import { addressOf, type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { runnersNode as node } from '../support/runner/find-node.js';
import { messagesOf } from '../support/runner/read-log.js';
import { withGitHub } from '../support/runner/rehearsal.js';
import { runAction, runPost, type Step } from '../support/runner/run-action.js';
import { withClient } from '../support/server.js';

const sleeping: Changes = {
  'sections/02_policies.sql': (text) => `${text}\nselect pg_catalog.pg_sleep(600);\n`,
};
const index = 'schema_fix_prepared_0123456789abcdef';

jest.setTimeout(120_000);

describe('a step at work on a database', () => {
  /** The step, and its last one after it. */
  const act = (
    { database, connection }: NotesTarget,
    changes: Changes,
    inputs: Readonly<Record<string, string>>,
    meanwhile: (child: ChildProcess) => Promise<void>,
  ): Promise<{ readonly step: Step; readonly last: Step }> =>
    withNotesBundle(changes, (bundle) =>
      withGitHub({}, async (github) => {
        const given = {
          ...{ bundle, command: 'deploy', backup: 'none', confirm: database },
          ...{ 'database-url': addressOf(connection), 'github-token': 'ghs-workflow-0001', ...inputs },
        };
        const step = await runAction({ node, github, inputs: given }, meanwhile);
        return { step, last: await runPost({ node, github, inputs: given }, step.state) };
      }),
    );

  const saidOf = ({ log, summary, output }: Step, password = '') => {
    expect(password).not.toBe('');
    expect(output + summary).not.toContain(password);
    return [...messagesOf(log, 'error'), ...messagesOf(log, 'warning')].join('');
  };

  it('says itself that nothing was changed when it is stopped, and its last step adds nothing', async () => {
    await withNotesTarget(async (target) => {
      const stop = (child: ChildProcess) => killAtWork(child, 'SIGTERM', target.connection);
      const { step, last } = await act(target, sleeping, {}, stop);
      expect(step).toMatchObject({ exitCode: 1, outputs: { committed: 'false', verdict: 'fail' } });
      expect(saidOf(step, target.connection.password)).toContain('Stopped by SIGTERM');
      expect([saidOf(last, target.connection.password), last.summary]).toEqual(['', '']);
      expect(await target.changes()).toEqual([]);
    });
  });

  it.each([['deploy'], ['plan']])(
    'is said to have changed nothing by its last step where a %s was killed, which takes away what it had prepared',
    async (command) => {
      await withNotesTarget(async (target) => {
        const ask = (sql: string) => withClient(target.connection, (client) => client.query(sql));
        const kill = async (child: ChildProcess) => {
          await killAtWork(child, 'SIGKILL', target.connection);
          await ask(`create index ${index} on public.notes (body)`);
        };
        const backup = command === 'deploy' ? {} : { backup: '' };
        const { step, last } = await act(target, sleeping, { command, ...backup }, kill);
        expect(step.outputs.committed).toBeUndefined();
        const said = `killed before it had told what came of its ${command}. Rolled back: `;
        expect(saidOf(last, target.connection.password)).toContain(said);
        expect(last.summary.replaceAll('\\', '')).toContain(
          `${target.database} is as it was. 1 index it had`,
        );
        expect(await target.changes()).toEqual([]);
      });
    },
  );

  it.each<[cut: Cut, said: string, changes: boolean]>([
    ['answer', 'Committed to', true],
    ['commit', 'Rolled back: ', false],
    ['for good', 'Nobody knows whether the database was changed: its commit was sent, and', true],
  ])(
    'is looked after by its last step where it was killed at the commit (%s)',
    async (cut, said, isChanged) => {
      await withNotesTarget(async (target) => {
        let kill: () => void = () => undefined;
        const { last } = await withCuttingProxy(
          target.connection,
          cut,
          (port) => {
            const url = { 'database-url': addressOf({ ...target.connection, host: '127.0.0.1', port }) };
            return act(target, {}, url, async (child) => {
              kill = () => child.kill('SIGKILL');
            });
          },
          () => kill(),
        );
        expect(saidOf(last, target.connection.password)).toContain(said);
        expect((await target.changes()).length > 0).toBe(isChanged);
      });
    },
  );

  it('says what became of the database where its outputs cannot be set', async () => {
    await withNotesTarget((target) =>
      withNotesBundle({}, (bundle) =>
        withGitHub({}, async (github) => {
          const inputs = {
            ...{ command: 'deploy', bundle, backup: 'none', 'github-token': 'ghs-workflow-0001' },
            ...{ 'database-url': addressOf(target.connection), confirm: target.database },
          };
          const step = await runAction({ node, github, inputs, environment: { GITHUB_OUTPUT: '/dev/full' } });
          expect(step.exitCode).toBe(1);
          expect(step.summary).toContain('The database was changed: it is committed, and stays so.');
          expect(await target.changes()).not.toEqual([]);
        }),
      ),
    );
  });
});

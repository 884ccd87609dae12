import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readDefinitions } from '../../src/database/fingerprint.js';
import { withSession } from '../../src/database/with-session.js';
import { fingerprintRows } from '../../src/stages/history/fingerprint-rows.js';
import { withFolder } from '../support/notes-bundle.js';
import { addressOf, type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { deployMany } from '../support/return-notes.js';
import { runnersNode as node } from '../support/runner/find-node.js';
import { withGitHub } from '../support/runner/rehearsal.js';
import { runAction } from '../support/runner/run-action.js';
import { withClient } from '../support/server.js';

/** All definitions and rows, those of the record among them. */
async function lookAtWhole(target: NotesTarget) {
  return withSession(target.connection, async (session) => [
    ...(await readDefinitions(session)),
    ...(await fingerprintRows(session)),
  ]);
}

describe('the commands that go back', () => {
  const act = (
    github: Parameters<typeof runAction>[0]['github'],
    target: NotesTarget,
    inputs: Record<string, string>,
  ) =>
    runAction({
      node,
      github,
      inputs: {
        'database-url': addressOf(target.connection),
        confirm: target.database,
        'github-token': 'ghs-workflow-0001',
        ...inputs,
      },
    });

  it('are refused where something stands in the way, done where it is chosen about, and listed', async () => {
    await withFolder((folder) =>
      withNotesTarget((target) =>
        withGitHub({}, async (github) => {
          await deployMany(target);
          await withClient(target.connection, (client) =>
            client.query("update public.notes set body = 'changed since' where id = 1"),
          );

          const refused = await act(github, target, { command: 'rollback' });
          expect(refused).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail', committed: 'false' } });
          expect(github.state.comments[0]?.body).toMatch(
            /## ❌ FAIL: Not rolled back: deployment 1 of Notes/,
          );
          expect(github.state.comments[0]?.body).toContain(
            '1 row of public.notes, written by the deployment, changed or deleted since',
          );
          expect(refused.summary).toContain('keep-new-rows');
          expect(refused.output + refused.summary).not.toContain('changed since where');

          const markdown = path.join(folder, 'rollback.md');
          const done = await act(github, target, { command: 'rollback', 'keep-new-rows': 'true', markdown });
          expect(done).toMatchObject({
            exitCode: 0,
            outputs: { verdict: 'pass', committed: 'true', 'report-markdown': markdown },
          });
          expect(github.state.comments).toHaveLength(1);
          expect(github.state.comments[0]?.body).toMatch(/## ✅ PASS: Rolled back: deployment 1 of Notes/);
          expect(await readFile(markdown, 'utf8')).toContain('every row written since is kept');

          const listed = await act(github, target, { command: 'history', comment: 'never' });
          expect(listed).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
          expect(listed.outputs.committed).toBeUndefined();
          expect(listed.summary).toMatch(/deployment of Notes.*rolled back by 2/);
        }),
      ),
    );
  });

  it('change nothing where the database is another than was typed', async () => {
    await withNotesTarget((target) =>
      withGitHub({}, async (github) => {
        await deployMany(target);
        const deployed = await lookAtWhole(target);
        const step = await act(github, target, { command: 'rollback', confirm: 'another' });
        expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } });
        expect(github.state.comments[0]?.body).toContain('confirm');
        expect(await lookAtWhole(target)).toEqual(deployed);
        // The same call with the right name: something would have been seen.
        expect(await act(github, target, { command: 'rollback' })).toMatchObject({ exitCode: 0 });
        expect(await lookAtWhole(target)).not.toEqual(deployed);
      }),
    );
  });
});

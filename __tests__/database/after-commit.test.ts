/** An error of ours once it is committed: whatever it is, what became of the database is told, and told first. */
import { describe, expect, it } from '@jest/globals';
import { commit, type Fate } from '../../src/database/commit.js';
import type { Session } from '../../src/database/with-session.js';
import { AfterCommit, UserError } from '../../src/errors.js';
import type { ProgressEvent } from '../../src/model.js';
import { describeError } from '../../src/publish/describe-error.js';
import { run } from '../../src/run.js';
import { noBackup, settingsFor } from '../support/deploy-notes.js';
import { withNotesBundle } from '../support/notes-bundle.js';
import { addressOf, type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { deployMany } from '../support/return-notes.js';
import { runCli } from '../support/run-cli.js';

const fixed = 'policy "own notes" on public.notes';

const wayOf = (target: NotesTarget) => [
  ...['--database-url', addressOf(target.connection)],
  ...['--confirm', target.database],
];

function deployWatched(target: NotesTarget, stop: AbortController, progress: (event: ProgressEvent) => void) {
  return withNotesBundle({}, (bundle) =>
    run(
      { command: 'deploy', ...settingsFor(target, bundle), plan: null, ...noBackup },
      { progress, signal: stop.signal },
    ),
  ).then(
    () => null,
    (error: unknown) => error,
  );
}

const tell = (error: unknown) => describeError(error, { isVerbose: false, detailsAt: '--verbose' });

describe('an error after the commit', () => {
  it.each([
    ['before it is told', 'subject-finished', 'yes'],
    ['before the commit', 'stage-started', undefined],
  ])('%s says what became of the database', async (_, kind, committed) => {
    await withNotesTarget(async (target) => {
      const error = await deployWatched(target, new AbortController(), (event) => {
        if (event.kind === kind) throw new Error('a mistake of ours');
      });
      expect(error instanceof AfterCommit ? error.committed : undefined).toBe(committed);
      expect(tell(error).exitCode).toBe(3);
      expect(tell(error).text).toContain('a mistake of ours');
      expect(tell(error).text.startsWith('The database was changed: it is committed')).toBe(
        committed === 'yes',
      );
      expect(await target.changes()).toEqual(committed === 'yes' ? expect.arrayContaining([fixed]) : []);
    });
  });

  it('is not hidden by whoever stops the run then', async () => {
    await withNotesTarget(async (target) => {
      const stop = new AbortController();
      const error = await deployWatched(target, stop, (event) => {
        if (event.kind !== 'subject-finished') return;
        stop.abort(new UserError('Stopped by SIGTERM.', { exitCode: 3 }));
        throw new Error('a mistake of ours');
      });
      expect(error).toMatchObject({ committed: 'yes' });
    });
  });

  it('is told where a report cannot be written, and where one of a rollback cannot', async () => {
    await withNotesTarget(async (target) => {
      await withNotesBundle({}, async (bundle) => {
        const words = ['--bundle', bundle, '--backup', 'none', '--json', '/dev/full'];
        const result = await runCli(['deploy', ...words, ...wayOf(target)]);
        expect(result.exitCode).toBe(3);
        expect(result.stderr).toMatch(
          /^The database was changed: it is committed, and stays so.*disk is full/,
        );
        expect(await target.changes()).toContain(fixed);
      });
    });
    await withNotesTarget(async (target) => {
      await deployMany(target);
      const result = await runCli(['rollback', ...wayOf(target), '--markdown', '/dev/full']);
      expect(result.exitCode).toBe(3);
      expect(result.stderr).toMatch(/^The database was changed: it is committed, and stays so.*disk is full/);
      expect(await target.changes()).not.toContain(fixed);
    });
  });
});

describe('a plan', () => {
  it('is told also where its file cannot be written in the end', async () => {
    await withNotesTarget(async (target) => {
      await withNotesBundle({}, async (bundle) => {
        const words = ['--bundle', bundle, '--plan-out', '/dev/full'];
        const result = await runCli(['plan', ...words, ...wayOf(target)]);
        expect(result).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('the disk is full') });
        expect(result.stdout).toContain('PASS');
      });
    });
  });
});

describe('a commit', () => {
  it.each(['ETIMEDOUT', 'EHOSTUNREACH', 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'EOTHER'])(
    'that ends in %s is asked for what became of it',
    async (code) => {
      const session = { query: () => Promise.reject(Object.assign(new Error('read'), { code })) };
      const told: (Fate | null)[] = [];
      const asked = commit(session as unknown as Session, '7', {
        learnFate: async () => 'unknown',
        onCommit: (_, fate) => told.push(fate),
      });
      await expect(asked).rejects.toMatchObject({ problem: { sqlstate: '08007' } });
      expect(told).toEqual([null, 'unknown']);
    },
  );
});

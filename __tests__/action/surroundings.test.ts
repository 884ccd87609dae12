import { cp } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withFolder, withNotesBundle } from '../support/notes-bundle.js';
import { companionOfFork, pullRequest, type RunnerEvent } from '../support/runner/events.js';
import { runnersNode as node } from '../support/runner/find-node.js';
import { messagesOf } from '../support/runner/read-log.js';
import { publish, rehearse, withGitHub } from '../support/runner/rehearsal.js';

describe('where the action runs', () => {
  it.each(['push', 'schedule', 'workflow_dispatch'])(
    '%s has no pull request, which is no problem',
    async (name) => {
      await withGitHub({}, async (github) => {
        const step = await publish({ node, github, event: { name, payload: {} } });
        expect(step.exitCode).toBe(0);
        expect(github.requests).toEqual([]);
        expect(messagesOf(step.log, 'warning')).toEqual([]);
        expect(step.summary).toContain(`No comment was written. \`${name}\` belongs to no pull request.`);
      });
    },
  );

  it.each<[string, RunnerEvent, Record<string, string | undefined>, string]>([
    ['malformed', { name: 'pull_request', payload: '{"pull_request":' }, {}, 'is not JSON'],
    ['of another shape', { name: 'pull_request', payload: {} }, {}, 'is not what GitHub sends'],
    ['missing', pullRequest, { GITHUB_EVENT_PATH: '/no/such/event.json' }, 'cannot be read'],
    ['not named', pullRequest, { GITHUB_EVENT_PATH: undefined }, 'GITHUB_EVENT_PATH is not set'],
  ])(
    'an event file that is %s costs the comment, not the verdict',
    async (_what, event, environment, problem) => {
      await withGitHub({}, async (github) => {
        const step = await publish({ node, github, event, environment });
        expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
        expect(github.requests).toEqual([]);
        expect(messagesOf(step.log, 'warning')).toEqual([expect.stringContaining(problem)]);
        expect(step.summary).toContain(problem);
      });
    },
  );

  it.each<[string, string | undefined]>([
    ['cannot be written', '/proc/version'],
    ['is a folder', '/'],
    ['is not there', undefined],
  ])('a summary that %s costs a warning, not the comment', async (_what, GITHUB_STEP_SUMMARY) => {
    await withGitHub({}, async (github) => {
      const step = await publish({ node, github, environment: { GITHUB_STEP_SUMMARY } });
      expect(step.exitCode).toBe(0);
      expect(github.state.comments).toHaveLength(1);
      expect(messagesOf(step.log, 'warning')).toEqual([
        expect.stringContaining('The job summary could not be written.'),
      ]);
    });
  });

  it('a summary that is nearly full is kept below the size at which GitHub drops it', async () => {
    await withGitHub({}, async (github) => {
      const step = await publish({ node, github, summary: 'x'.repeat(1024 * 1024 - 3_000) });
      expect(Buffer.byteLength(step.summary)).toBeLessThanOrEqual(1024 * 1024);
      expect(step.summary).toContain('## ✅ PASS');
    });
  });

  it('the action needs nothing but what is committed: no node_modules', async () => {
    await withFolder(async (action) => {
      for (const name of ['action.yml', 'package.json', 'dist', 'page', 'sql']) {
        await cp(name, path.join(action, name), { recursive: true });
      }
      await withGitHub({}, async (github) => {
        const step = await rehearse({ node, github, action });
        expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
        expect(github.state.comments).toHaveLength(1);
      });
    });
  });

  it('a report file on a full disk costs a warning, not the verdict', async () => {
    await withGitHub({}, async (github) => {
      const step = await rehearse({ node, github, inputs: { junit: '/dev/full' } });
      expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
      expect(github.state.comments).toHaveLength(1);
      expect(messagesOf(step.log, 'warning')).toEqual([expect.stringContaining('the disk is full')]);
    });
  });

  it('GitHub Enterprise is spoken to at its own address', async () => {
    await withGitHub({ prefix: '/api/v3', comments: [] }, async (github) => {
      await publish({ node, github, runNumber: 7 });
      await publish({ node, github, runNumber: 8 });
      expect(github.state.comments).toHaveLength(1);
      expect(github.requests).toContain('POST /api/graphql');
      expect(github.requests).toContain('POST /api/v3/repos/acme/app/issues/12/comments');
    });
  });

  it('a companion of a fork comments on the pull request that its event vouches for', async () => {
    await withGitHub({}, async (github) => {
      const step = await publish({ node, github, event: companionOfFork });
      expect(step.exitCode).toBe(0);
      expect(github.state.comments).toMatchObject([{ issue: 12 }]);
      expect(github.state.comments[0]?.body).toContain('"runId":1007');
      expect(github.state.comments[0]?.body).toContain('https://github.com/acme/app/actions/runs/1007');
      expect(github.state.comments[0]?.body).toContain('A run of the fork made this report');
    });
  });

  it('a companion whose pull request has moved on leaves it to the newer run', async () => {
    const moved = [
      { number: 12, head: { owner: 'mallory', branch: 'patch-1', sha: 'd'.repeat(40), repositoryId: 77 } },
    ];
    await withGitHub({ pullRequests: moved }, async (github) => {
      const step = await publish({ node, github, event: companionOfFork });
      expect(step.exitCode).toBe(0);
      expect(github.state.comments).toEqual([]);
      expect(step.summary).toContain('No open pull request has bbbbbbb as its head (any more).');
    });
  });

  it('a push comments on the pull request that somebody names, if its head is what was rehearsed', async () => {
    const push = { name: 'push', payload: {} };
    const inputs = { 'pull-request-number': '12' };
    const head = (sha: string) => [
      { number: 12, head: { owner: 'acme', branch: 'patch-1', sha, repositoryId: 1 } },
    ];
    await withGitHub({ pullRequests: head('c'.repeat(40)) }, async (github) => {
      const step = await publish({ node, github, event: push, inputs });
      expect(github.state.comments).toMatchObject([{ issue: 12 }]);
      expect(step.outputs['comment-url']).toContain('/pull/12#');
    });
    await withGitHub({ pullRequests: head('d'.repeat(40)) }, async (github) => {
      const step = await publish({ node, github, event: push, inputs });
      expect(step.exitCode).toBe(0);
      expect(github.state.comments).toEqual([]);
      expect(messagesOf(step.log, 'warning')).toEqual([
        expect.stringContaining(
          'The head of pull request 12 (pull-request-number) is ddddddd, and ccccccc was rehearsed.',
        ),
      ]);
    });
  });

  it('paths count from the working directory, and no summary is written where none is wanted', async () => {
    await withNotesBundle({}, async (bundle) => {
      await withGitHub({}, async (github) => {
        const inputs = {
          bundle: path.basename(bundle),
          'working-directory': path.dirname(bundle),
          'job-summary': 'false',
        };
        const step = await rehearse({ node, github, inputs });
        expect(step).toMatchObject({ exitCode: 0, summary: '', outputs: { failures: '[]' } });
        expect(step.outputs['summary-url']).toBeUndefined();
      });
    });
  });

  it('an input that is not understood is told everywhere, in place of an older PASS', async () => {
    await withGitHub({}, async (github) => {
      await publish({ node, github, runNumber: 7 });
      expect(github.state.comments[0]?.body).toContain('PASS');
      const inputs = { comment: 'sometimes', 'working-directory': 'no-such-folder', concurrency: '0' };
      const step = await rehearse({ node, github, runNumber: 8, inputs });
      expect(step.exitCode).toBe(1);
      expect(step.outputs['summary-url']).toBe('https://github.com/acme/app/actions/runs/1008/attempts/1');
      for (const text of [github.state.comments[0]?.body, step.summary]) {
        expect(text).toContain('## ❌ NOT PROVEN');
        expect(text).toContain('comment: "sometimes" is unknown.');
        expect(text).toContain('concurrency: "0" is not a whole number');
      }
    });
  });

  it('a FAIL that does not block is told everywhere, and does not fail the job', async () => {
    await withNotesBundle({ 'sections/02_policies.sql': null }, async (bundle) => {
      await withGitHub({}, async (github) => {
        const inputs = { bundle, 'fail-on': 'never', 'base-report': 'no-such-report.json' };
        const step = await rehearse({ node, github, inputs });
        expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'fail', failed: '1' } });
        expect(messagesOf(step.log, 'warning').join()).toContain('Not blocking: fail-on is never.');
        for (const text of [github.state.comments[0]?.body, step.summary]) {
          expect(text).toContain('## ❌ FAIL, do not merge: ');
          expect(text).toContain('> Not blocking: fail-on is never.');
          expect(text).toContain('> There is no report of the base');
        }
      });
    });
  });
});

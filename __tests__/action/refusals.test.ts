import { describe, expect, it } from '@jest/globals';
import { type Fault, forbidden, secondaryLimit } from '../support/github/faults.js';
import { withNotesBundle } from '../support/notes-bundle.js';
import { pullRequestFromFork } from '../support/runner/events.js';
import { runnersNode as node, nodes } from '../support/runner/find-node.js';
import { messagesOf } from '../support/runner/read-log.js';
import { publish, rehearse, withGitHub } from '../support/runner/rehearsal.js';

const onCreate = 'POST comments';
const onList = 'GET comments';

/** GitHub refuses for good: what it answers, and the remedy that the warning must name. */
const refusals: readonly [string, Fault, string][] = [
  ['403', { on: onCreate, ...forbidden }, 'Add `permissions: pull-requests: write` to the job.'],
  ['404', { on: onList, status: 404, message: 'Not Found' }, 'may see this repository'],
  [
    '422',
    { on: onCreate, status: 422, message: 'Validation Failed' },
    'The whole report is in the job summary',
  ],
  ['500', { on: onCreate, status: 500, message: 'Server Error' }, 'run the job again later'],
  [
    '429 that asks for an hour',
    { on: onCreate, ...secondaryLimit, headers: { 'retry-after': '3600' } },
    'run the job again later',
  ],
];

/** GitHub refuses once, or seems to. */
const passing: readonly [string, Fault][] = [
  ['500', { on: onCreate, status: 500, message: 'Server Error', times: 1 }],
  ['429 with retry-after', { on: onCreate, ...secondaryLimit, headers: { 'retry-after': '1' }, times: 1 }],
  [
    '403 because of the rate limit',
    { on: onList, ...secondaryLimit, status: 403, headers: { 'retry-after': '1' }, times: 1 },
  ],
];

describe('when GitHub refuses', () => {
  it.each(refusals)(
    'with %s, the summary has the report and a warning the remedy',
    async (_what, fault, remedy) => {
      await withGitHub({ faults: [fault] }, async (github) => {
        const step = await publish({ node, github });
        expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
        expect(step.outputs['comment-url']).toBeUndefined();
        expect(messagesOf(step.log, 'warning')).toEqual([expect.stringContaining(remedy)]);
        expect(step.summary).toContain('## ✅ PASS');
        expect(step.summary).toContain(remedy);
      });
    },
  );

  it('a verdict of fail stays fail', async () => {
    await withNotesBundle({ 'checks/01_author.sql': '--! Title: Nothing\nselect 1' }, async (bundle) => {
      await withGitHub({ faults: [{ on: onCreate, ...forbidden }] }, async (github) => {
        const step = await rehearse({ node, github, inputs: { bundle } });
        expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } });
        expect(step.summary).toContain('## ❌ FAIL');
      });
    });
  });

  it('a token that expired is named', async () => {
    await withGitHub({}, async (github) => {
      const step = await publish({ node, github, inputs: { 'github-token': 'ghs-expired-0000' } });
      expect(step.exitCode).toBe(0);
      expect(messagesOf(step.log, 'warning')).toEqual([expect.stringContaining('it may have expired')]);
    });
  });

  it('an empty token is named, and GitHub is not asked', async () => {
    await withGitHub({}, async (github) => {
      const step = await publish({ node, github, inputs: { 'github-token': '' } });
      expect(step.exitCode).toBe(0);
      expect(github.requests).toEqual([]);
      expect(messagesOf(step.log, 'warning')).toEqual([expect.stringContaining('`github-token` is empty')]);
    });
  });

  it('the token of a fork that can only read leads to the summary and to the companion workflow', async () => {
    await withGitHub({}, async (github) => {
      const inputs = { 'github-token': 'ghs-read-only-0003', 'check-run': 'true' };
      const step = await publish({ node, github, inputs, event: pullRequestFromFork });
      expect(step.exitCode).toBe(0);
      expect(step.summary).toContain('## ✅ PASS');
      const warnings = messagesOf(step.log, 'warning');
      expect(warnings).toEqual([
        expect.stringMatching(/^The comment could not .*docs\/forks\.md/),
        expect.stringMatching(/^The check run could not .*docs\/forks\.md/),
      ]);
      expect(warnings.join()).not.toContain('permissions:');
    });
  });

  it('a network without GitHub is told from a GitHub that refuses', async () => {
    const step = await publish({ node, github: { url: 'http://127.0.0.1:1' } });
    expect(step.exitCode).toBe(0);
    expect(messagesOf(step.log, 'warning')).toEqual([expect.stringContaining('could not be reached')]);
  });
});

/** Each Node waits and asks in its own way. */
describe.each(nodes)('when GitHub refuses, on Node %i', (_major, node) => {
  it.each(passing)('for a moment with %s, the comment is written once', async (_what, fault) => {
    await withGitHub({ faults: [fault] }, async (github) => {
      const step = await publish({ node, github });
      expect(step.exitCode).toBe(0);
      expect(github.state.comments).toHaveLength(1);
      expect(messagesOf(step.log, 'warning')).toEqual([]);
    });
  });
});

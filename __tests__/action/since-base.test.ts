import { describe, expect, it } from '@jest/globals';
import { commitOfBase, pushOfBase } from '../support/runner/events.js';
import { runnersNode as node } from '../support/runner/find-node.js';
import { messagesOf } from '../support/runner/read-log.js';
import { publish, withGitHub } from '../support/runner/rehearsal.js';
import { allPass, oneFailedCheck, openedDoor } from '../support/sample-reports.js';
import { withRunnerServices } from '../support/services-double.js';

const quiet = { 'upload-report': 'false' };
const ofBase = { GITHUB_SHA: commitOfBase };

describe('the report of the base', () => {
  it('is kept by a push under its commit, and found by a pull request, wherever either runs', async () => {
    await withRunnerServices({}, async ({ environment, cached }) => {
      await withGitHub({}, async (github) => {
        const report = oneFailedCheck();
        const pushed = await publish({
          ...{ node, github, report, event: pushOfBase },
          inputs: quiet,
          environment: { ...environment, ...ofBase },
        });
        expect(cached()).toEqual([expect.stringMatching(/^schema-fix-report-[0-9a-f]{16}-d{40}$/)]);
        expect(messagesOf(pushed.log, 'warning')).toEqual([]);

        const inputs = { ...quiet, 'fail-on': 'regression' };
        const same = await publish({ node, github, report, inputs, environment, runNumber: 8 });
        expect(same).toMatchObject({ exitCode: 0, outputs: { verdict: 'fail' } });
        expect(github.state.comments[0]?.body).toContain('Since the base: nothing newly fails');
        const worse = await publish({
          node,
          github,
          report: openedDoor(),
          inputs,
          environment,
          runNumber: 9,
        });
        expect(worse.exitCode).toBe(1);
        expect(github.state.comments[0]?.body).toMatch(/Since the base: 2 newly fail: .*Access/);
      });
      expect(cached()).toHaveLength(1);
    });
  });

  it('is said to be absent where none is kept, and a FAIL then blocks', async () => {
    await withRunnerServices({}, async ({ environment, cached }) => {
      await withGitHub({}, async (github) => {
        const step = await publish({
          ...{ node, github, environment, report: oneFailedCheck() },
          inputs: { ...quiet, 'fail-on': 'regression' },
        });
        expect(step.exitCode).toBe(1);
        expect(github.state.comments[0]?.body).toContain(
          'There is no report of the base: none is kept of ddddddd, which a push to its branch keeps.',
        );
        await publish({ node, github, environment, runNumber: 8, report: allPass(), inputs: quiet });
        expect(github.state.comments[0]?.body).toMatch(/<sub>.* · no report of the base/);
      });
      expect(cached()).toEqual([]);
    });
  });

  it.each([
    ['a token that may only read', true, /not kept for pull requests: .*cache write denied/, {}],
    ['a runner without a cache', false, /this runner has no cache/, { ACTIONS_RESULTS_URL: undefined }],
    [
      'Enterprise Server without one',
      false,
      /this runner has no cache/,
      { GITHUB_SERVER_URL: 'https://github.acme.test' },
    ],
    ['a switch that allows neither', false, /does not permit writes/, { ACTIONS_CACHE_MODE: 'none' }],
  ])('that cannot be kept, %s, is said in the log and costs nothing', async (_, refuses, said, missing) => {
    await withRunnerServices({ refuses }, async ({ environment, cached }) => {
      await withGitHub({}, async (github) => {
        const step = await publish({
          ...{ node, github, event: pushOfBase, inputs: quiet },
          environment: { ...environment, ...ofBase, ...missing },
        });
        expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
        expect(messagesOf(step.log, 'warning')).toEqual([]);
        expect(step.log.text).toMatch(said);
      });
      expect(cached()).toEqual([]);
    });
  });
});

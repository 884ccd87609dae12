import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { renderJson } from '../../src/report/render-json.js';
import { aReport } from '../support/build-report.js';
import { buildSubject } from '../support/build-results.js';
import { withFolder } from '../support/notes-bundle.js';
import { companionOfFork } from '../support/runner/events.js';
import { nodes } from '../support/runner/find-node.js';
import { withGitHub } from '../support/runner/rehearsal.js';
import { runAction, type Step, type StepOptions } from '../support/runner/run-action.js';

/** As download-artifact lays them out: a folder for each artifact. */
async function mergeShards(indexes: readonly number[], options: StepOptions): Promise<Step> {
  return withFolder(async (workspace) => {
    for (const index of indexes) {
      const folder = path.join(workspace, 'reports', `shard-${index}`);
      await mkdir(folder, { recursive: true });
      const subjects = [buildSubject({ name: `0${index}_state` })];
      await writeFile(
        path.join(folder, 'report.json'),
        renderJson(aReport({ shard: { index, count: 2 }, subjects })),
      );
    }
    return merge({ ...options, workspace });
  });
}

function merge({ inputs, ...options }: StepOptions): Promise<Step> {
  const given = {
    command: 'merge',
    reports: 'reports/**/*.json',
    'github-token': 'ghs-workflow-0001',
    ...inputs,
  };
  return runAction({ ...options, inputs: given });
}

describe.each(nodes)('merge, on Node %i', (_major, node) => {
  it('makes of the reports of a matrix one comment, one summary and one verdict', async () => {
    await withGitHub({}, async (github) => {
      const step = await mergeShards([1, 2], { node, github, inputs: { 'expected-reports': '2' } });
      expect(step).toMatchObject({
        exitCode: 0,
        outputs: { verdict: 'pass', planned: '2', passed: '2', 'postgres-version': '17.10' },
      });
      expect(github.state.comments).toHaveLength(1);
      expect(github.state.comments[0]?.body).toContain('02_state');
      expect(step.summary).toContain('## ✅ PASS');
    });
  });

  it('fails, and says so in the comment, when a shard is missing', async () => {
    await withGitHub({}, async (github) => {
      const step = await mergeShards([2], { node, github });
      expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } });
      expect(github.state.comments[0]?.body).toContain('Postgres 17: shard 1 of 2 is missing');
    });
  });

  it('tells a fork what its report says, on the pull request that the event vouches for', async () => {
    await withGitHub({}, async (github) => {
      const step = await mergeShards([1, 2], { node, github, event: companionOfFork });
      expect(step.exitCode).toBe(0);
      expect(github.state.comments).toMatchObject([{ issue: 12, body: expect.stringContaining('✅ PASS') }]);
      // Before anybody reads that it passed.
      expect(github.state.comments[0]?.body).toMatch(
        /^<!--.*-->\n\n> \[!CAUTION\]\n> A run of the fork made this report/,
      );
    });
  });

  it('believes nothing that a fork calls a report, and repeats none of it', async () => {
    await withGitHub({}, async (github) => {
      await withFolder(async (workspace) => {
        const forged = { ...aReport(), verdict: '::set-output::@everyone' };
        await writeFile(path.join(workspace, 'a.json'), JSON.stringify(forged));
        const inputs = { reports: '*.json' };
        const step = await merge({ node, github, event: companionOfFork, workspace, inputs });
        expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } });
        const body = github.state.comments[0]?.body;
        expect(body).toContain('is no report of this version');
        expect(`${body}${step.output}`).not.toMatch(/set-output|everyone/);
      });
    });
  });
});

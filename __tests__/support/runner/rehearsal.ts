/** A rehearsal of the small bundle, as a step of a workflow; what a test says is changed. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@jest/globals';
import type { Report } from '../../../src/model.js';
import { renderJson } from '../../../src/report/render-json.js';
import { aReport } from '../build-report.js';
import { type DoubleOptions, type GitHubDouble, startGitHubDouble } from '../github/start-github-double.js';
import { withFolder } from '../notes-bundle.js';
import { addressOf } from '../notes-target.js';
import { getTestServer } from '../server.js';
import { openPullRequests } from './events.js';
import { runAction, type Step, type StepOptions } from './run-action.js';

const notes = path.resolve(import.meta.dirname, '../../fixtures/bundles/notes');

/** One state on the server that all tests share: nothing is started. */
export function rehearsalInputs(): Record<string, string> {
  return {
    bundle: notes,
    states: '02',
    rollback: 'false',
    'postgres-url': addressOf(getTestServer().connection),
    'github-token': 'ghs-workflow-0001',
  };
}

export function rehearse(
  { inputs, ...options }: StepOptions,
  meanwhile?: Parameters<typeof runAction>[1],
): Promise<Step> {
  return runAction({ ...options, inputs: { ...rehearsalInputs(), ...inputs } }, meanwhile);
}

/** All that a rehearsal does at its end, in a third of its time: a report, by default one that passed, is read, and told to GitHub. */
export function publish({
  inputs,
  report = aReport(),
  ...options
}: StepOptions & { readonly report?: Report }): Promise<Step> {
  return withFolder(async (folder) => {
    const reports = path.join(folder, 'report.json');
    await writeFile(reports, renderJson(report));
    const given = { command: 'merge', reports, 'github-token': 'ghs-workflow-0001', ...inputs };
    return runAction({ ...options, inputs: given });
  });
}

/** A GitHub with the pull request open, which must not have been asked anything that the real one would refuse. */
export async function withGitHub<T>(
  options: DoubleOptions,
  work: (github: GitHubDouble) => Promise<T>,
): Promise<T> {
  const github = await startGitHubDouble({ pullRequests: openPullRequests, ...options });
  try {
    const result = await work(github);
    expect(github.breaches).toEqual([]);
    return result;
  } finally {
    await github.stop();
  }
}

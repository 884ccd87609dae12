/**
 * The action's last step, also after a cancellation: removes what a run left behind whose supervisor was killed with it, and
 * tells what became of a database of somebody's that a killed run was at work on. A supervisor that lives cleans up after
 * itself and is left alone.
 */
import { appendFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import * as core from '@actions/core';
import { endKilled } from './end-killed.js';
import { listDirectoryParents } from './postgres/jobs/directory-parents.js';
import { JobFailure } from './postgres/jobs/job.js';
import { sweep } from './postgres/jobs/sweep.js';
import { sweepContainers } from './postgres/jobs/sweep-containers.js';
import { listSearchFolders } from './postgres/processes/search-path.js';
import { findKilledRun } from './publish/github/killed-run.js';
import { defuseWorkflowCommands } from './report/escape.js';
import { sentence } from './report/markdown-text.js';
import { parseGitHubSettings, parseSettings } from './settings/parse-settings.js';
import { readInputs } from './settings/read-action-inputs.js';
import { addressesOfInputs, readSecrets } from './settings/read-secrets.js';
import { hideSecrets } from './settings/secrets.js';

try {
  process.env.PATH = listSearchFolders().join(delimiter);
  await sweep(listDirectoryParents());
  await sweepContainers(process.env.DOCKER || 'docker');
} catch (error: unknown) {
  const { message } = error instanceof Error ? error : new Error(String(error));
  // Without a docker that answers, no container of ours can be there.
  if (error instanceof JobFailure) core.debug(message);
  else core.warning(`What the run left behind could not be removed: ${message}`);
}

try {
  await tellOfKilled();
} catch (error: unknown) {
  core.warning(`What became of the database could not be found out: ${hide(error)}`);
}

async function tellOfKilled(): Promise<void> {
  const killed = findKilledRun();
  if (killed === null) return;
  const inputs = readInputs();
  // A certificate's file counts from there.
  const { workingDirectory } = parseGitHubSettings(inputs).settings;
  if (workingDirectory !== null) process.chdir(workingDirectory);
  const settings = parseSettings({ ...inputs, environment: process.env });
  if (!('confirm' in settings)) return;
  const { committed, text } = await endKilled(killed, settings);
  const told = hide(text);
  if (committed === 'no') core.warning(told);
  else core.error(told);
  const { GITHUB_STEP_SUMMARY: summary = '' } = process.env;
  if (summary !== '') await appendFile(summary, `\n> [!WARNING]\n> ${sentence(told)}\n`);
}

function hide(found: unknown): string {
  const { values } = readInputs();
  const secrets = readSecrets({
    addresses: addressesOfInputs(values),
    throwaway: [],
    token: values.get('github-token') ?? null,
    keys: [values.get('backup-key') ?? ''],
    environment: process.env,
  });
  const text = found instanceof Error ? found.message : String(found);
  return defuseWorkflowCommands(hideSecrets(text, secrets)).replaceAll('\n', ' ');
}

/** The action: reads its inputs, does what they say, and tells GitHub; the job's own result is the verdict. */
import * as core from '@actions/core';
import { describeInLog, doCommand } from './do-command.js';
import { publishToGitHub } from './publish/github/publish-to-github.js';
import { setAddresses } from './publish/github/set-outputs.js';
import { stopOnSignals } from './publish/stop-on-signals.js';
import type { GitHubContext } from './settings/github/github-context.js';
import { readGitHubContext } from './settings/github/read-github-context.js';
import { parseGitHubSettings } from './settings/parse-settings.js';
import { readInputs } from './settings/read-action-inputs.js';
import { addressesOfInputs, readSecrets } from './settings/read-secrets.js';
import type { GitHubSettings } from './settings/settings.js';

await main();

async function main(): Promise<void> {
  // Never given back: the second signal of a cancellation must not cut short what the first one began.
  const { signal } = stopOnSignals();
  try {
    await act(signal);
  } catch (error: unknown) {
    core.setFailed(describeInLog(error));
  }
}

async function act(signal: AbortSignal): Promise<void> {
  const inputs = readInputs();
  const secrets = readSecrets({
    addresses: addressesOfInputs(inputs.values),
    throwaway: [(inputs.values.get('postgres-url') ?? '').trim()],
    token: inputs.values.get('github-token') ?? null,
    keys: [inputs.values.get('backup-key') ?? ''],
    otherTokens: [(inputs.values.get('supabase-token') ?? '').trim()],
    environment: process.env,
  });
  // Before anything is printed: the runner hides them in the log, also within words, so a word is left to us.
  for (const secret of secrets) if (typeof secret === 'string') core.setSecret(secret);
  const { settings, problems } = parseGitHubSettings(inputs);
  const context = ofPullRequest(readGitHubContext(process.env), settings);
  const delivery = await doCommand(inputs, { context, secrets, signal, settings, problems });
  // The runner waits seconds for a cancelled step, and a run that was stopped has no verdict to put in a comment.
  if (!signal.aborted) {
    const summaryPath = process.env.GITHUB_STEP_SUMMARY;
    const written = await publishToGitHub({ delivery, settings, context, summaryPath, signal });
    setAddresses({ ...written, summary: settings.jobSummary ? context.summaryUrl : null });
  }
  if (delivery.verdict === 'fail') {
    if (delivery.isBlocking) core.setFailed(delivery.headline);
    else core.warning(`${delivery.headline} Not blocking: fail-on is ${settings.failOn}.`);
  }
}

/** Where somebody names the pull request, it is that one, whatever the event is of. */
function ofPullRequest(context: GitHubContext, { pullRequest: number }: GitHubSettings): GitHubContext {
  if (number === null) return context;
  const isFromFork = context.pullRequest.kind === 'known' && context.pullRequest.isFromFork;
  return { ...context, pullRequest: { kind: 'by-number', number, isFromFork } };
}

/** Takes what is to be told and where this run stands; adds a check run to its commit, or says why it did not. */

import type { Delivery, Note } from './delivery.js';
import { describeRefusal } from './describe-refusal.js';
import type { GitHubApi } from './github-api.js';
import type { GitHubContext } from './github-context.js';
import { placeFinding } from './place-finding.js';
import { publishCheckRun } from './publish-check-run.js';

export async function deliverCheckRun(
  api: GitHubApi,
  request: { readonly delivery: Delivery; readonly context: GitHubContext; readonly key: string },
): Promise<Note | null> {
  const { delivery, context, key } = request;
  const { verdict, headline, renderBody } = delivery;
  try {
    await publishCheckRun(api, {
      name: key === 'default' ? 'Postgres schema fix' : `Postgres schema fix (${key})`,
      commit: context.commit,
      runUrl: context.runUrl,
      verdict,
      headline,
      renderBody,
      findings: delivery.findings.map((finding) => placeFinding(finding, context.workspace)),
    });
    return null;
  } catch (error: unknown) {
    const isFromFork = context.pullRequest.kind === 'known' && context.pullRequest.isFromFork;
    const attempt = { what: 'The check run', permission: 'checks: write', isFromFork };
    return { level: 'warning', text: describeRefusal(error, attempt) };
  }
}

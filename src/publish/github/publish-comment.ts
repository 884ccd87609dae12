/** Takes what is to be told and where this run stands; comments on its pull request, or says why it did not. */

import type { GitHubContext } from '../../settings/github/github-context.js';
import type { Delivery, Note } from './delivery.js';
import { describeRefusal } from './describe-refusal.js';
import { findPullRequest, type OpenReference } from './find-pull-request.js';
import type { GitHubApi } from './github-api.js';
import { type CommentOutcome, upsertComment } from './upsert-comment.js';

export type CommentPolicy = 'always' | 'on-failure' | 'never';

export interface CommentResult {
  readonly url: string | null;
  readonly note: Note | null;
}

export async function publishComment(
  api: GitHubApi,
  request: {
    readonly delivery: Delivery;
    readonly context: GitHubContext;
    readonly policy: CommentPolicy;
    readonly key: string;
  },
): Promise<CommentResult> {
  const { delivery, context, policy, key } = request;
  const { pullRequest: reference, workflow, runId, order } = context;
  if (reference.kind === 'none' || reference.kind === 'unreadable') {
    return withoutPullRequest(reference);
  }
  try {
    const pullRequest = await findPullRequest(api, reference, context);
    if (pullRequest.kind === 'absent') {
      const level = pullRequest.isMistake ? 'warning' : 'info';
      return { url: null, note: { level, text: `No comment was written. ${pullRequest.reason}` } };
    }
    const outcome = await upsertComment(api, {
      pullRequest: pullRequest.number,
      marker: { key, workflow, runId, ...order },
      renderBody: isVouchedFor(reference) ? delivery.renderBody : withCaution(delivery.renderBody),
      createIfAbsent: policy === 'always' || delivery.verdict === 'fail',
    });
    return describeOutcome(outcome);
  } catch (error: unknown) {
    const attempt = {
      what: 'The comment',
      permission: 'pull-requests: write',
      // The companion of a fork has a token of its own, which can be given what it lacks.
      isFromFork: reference.kind !== 'by-head' && reference.isFromFork,
    };
    return { url: null, note: { level: 'warning', text: describeRefusal(error, attempt) } };
  }
}

/** A companion tells what a run of the fork has written, with the fork's own code, in the name of this repository. */
function isVouchedFor(reference: OpenReference): boolean {
  return reference.kind !== 'by-head' || !reference.isFromFork;
}

const caution =
  '> [!CAUTION]\n> A run of the fork made this report, with the code of the fork. The required check is what counts.\n\n';

function withCaution(renderBody: Delivery['renderBody']): Delivery['renderBody'] {
  return (budget) => caution + renderBody({ ...budget, limit: budget.limit - caution.length });
}

/** Also asked before there is an api: a push needs no token to be told that it has no pull request. */
export function withoutPullRequest(reference: {
  readonly kind: 'none' | 'unreadable';
  readonly reason: string;
}): CommentResult {
  const level = reference.kind === 'none' ? 'info' : 'warning';
  const advice = reference.kind === 'none' ? ' A workflow that runs `on: pull_request` gets one.' : '';
  return { url: null, note: { level, text: `No comment was written. ${reference.reason}${advice}` } };
}

function describeOutcome(outcome: CommentOutcome): CommentResult {
  switch (outcome.kind) {
    case 'not-needed':
      return { url: null, note: null };
    case 'created':
      return { url: outcome.url, note: null };
    case 'outdated':
      return {
        url: outcome.url,
        note: { level: 'info', text: 'The comment was left alone: a newer run has written it already.' },
      };
    case 'updated':
      return {
        url: outcome.url,
        note: outcome.wasOfThisRun
          ? {
              level: 'warning',
              text: 'Another job of this run had written the comment. Give each job its own `comment-key`, or join their reports with `command: merge`.',
            }
          : null,
      };
  }
}

/** Takes a delivery; tells it to GitHub in every way that was asked for. Whatever fails is told, and changes no verdict. */
import * as core from '@actions/core';
import { defuseWorkflowCommands } from '../../report/escape.js';
import type { GitHubContext } from '../../settings/github/github-context.js';
import type { GitHubSettings } from '../../settings/settings.js';
import type { Delivery, Note, UnlinkedDelivery } from './delivery.js';
import type { GitHubApi } from './github-api.js';
import { type LinkTo, linkPlaces } from './link-places.js';
import { openGitHubApi } from './open-github-api.js';
import { placeAnnotation } from './place-annotation.js';
import { publishCheckRun } from './publish-check-run.js';
import { type CommentResult, publishComment, withoutPullRequest } from './publish-comment.js';
import { type IssueResult, publishIssue } from './publish-issue.js';
import { publishSuggestions } from './publish-suggestions.js';
import { writeSummary } from './write-summary.js';

export interface GitHubRequest {
  readonly delivery: UnlinkedDelivery;
  readonly settings: GitHubSettings;
  readonly context: GitHubContext;
  readonly summaryPath: string | undefined;
  readonly signal: AbortSignal;
}

/** Long enough for every retry of one comment, short enough not to keep a runner waiting. */
const deadlineMilliseconds = 180_000;

/** The runner shows ten of a step; the rest is in the comment. */
const logAnnotationsAtMost = 10;

/** Returns the addresses of what was written, or null where there is none. */
export async function publishToGitHub(
  given: GitHubRequest,
): Promise<{ readonly comment: string | null; readonly issue: string | null }> {
  const { settings, context } = given;
  if (settings.annotations) annotateLog(given.delivery, context);
  const access = await openAccess(given);
  const linkTo = await openLinks(access, given);
  const delivery: Delivery = {
    ...given.delivery,
    renderBody: (budget) => given.delivery.renderBody(budget, linkTo),
  };
  const request = { ...given, delivery };
  const comment = settings.comment === 'never' ? noComment : await addComment(access, request);
  const issue = settings.issue === 'never' ? noIssue : await addIssue(access, request);
  const checkRun = settings.checkRun ? await addCheckRun(access, request) : null;
  const suggestions = settings.suggestions ? await addSuggestions(access, request) : null;
  const notes = [...(delivery.notes ?? []), comment.note, issue.note, checkRun, suggestions].filter(
    (note) => note !== null,
  );
  const summary = settings.jobSummary ? await writeSummary(request.summaryPath, delivery, notes) : null;
  for (const { level, text } of summary === null ? notes : [...notes, summary]) {
    if (level === 'warning') {
      core.warning(text);
    } else {
      core.info(text);
    }
  }
  return { comment: comment.url, issue: issue.url };
}

const noIssue: IssueResult = { url: null, note: null };

const noComment: CommentResult = { url: null, note: null };

/** The way to GitHub, or why there is none. */
type Access =
  | { readonly kind: 'open'; readonly api: GitHubApi }
  | { readonly kind: 'closed'; readonly reason: string };

async function openAccess({ settings, context, signal }: GitHubRequest): Promise<Access> {
  if (settings.token === null) {
    return {
      kind: 'closed',
      reason: "`github-token` is empty: leave it out to use the workflow's own, or give it one.",
    };
  }
  if (context.repository === null) {
    return {
      kind: 'closed',
      reason: 'GITHUB_REPOSITORY does not name a repository: this is no run of GitHub Actions.',
    };
  }
  // The client cannot be loaded next to an event file that it cannot parse.
  if (context.pullRequest.kind === 'unreadable') {
    return { kind: 'closed', reason: context.pullRequest.reason };
  }
  const api = await openGitHubApi({
    token: settings.token,
    apiUrl: context.apiUrl,
    repository: context.repository,
    signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMilliseconds)]),
    log: core.debug,
  });
  return { kind: 'open', api };
}

/** The diff is asked for only where something is in it, and what it cannot tell is looked up in the file. */
async function openLinks(access: Access, { delivery, context }: GitHubRequest): Promise<LinkTo> {
  const { pullRequest, workspace } = context;
  const isPlaced = delivery.annotations.some(
    (annotation) => placeAnnotation(annotation, workspace).path !== null,
  );
  const isKnown = pullRequest.kind === 'known' || pullRequest.kind === 'by-number';
  if (!isPlaced || access.kind === 'closed' || !isKnown) return linkPlaces(context, null);
  try {
    return linkPlaces(context, await access.api.readShownLines(pullRequest.number));
  } catch (error: unknown) {
    core.debug(`The diff cannot be read, so lines are linked in their files: ${String(error)}`);
    return linkPlaces(context, null);
  }
}

type LinkedRequest = Omit<GitHubRequest, 'delivery'> & { readonly delivery: Delivery };

async function addComment(access: Access, request: LinkedRequest): Promise<CommentResult> {
  const { delivery, context, settings } = request;
  if (context.pullRequest.kind === 'none') {
    return withoutPullRequest(context.pullRequest);
  }
  if (access.kind === 'closed') {
    return { url: null, note: { level: 'warning', text: `No comment was written. ${access.reason}` } };
  }
  const { comment: policy, commentKey: key } = settings;
  return await publishComment(access.api, { delivery, context, policy, key });
}

async function addIssue(
  access: Access,
  { delivery, context, settings }: LinkedRequest,
): Promise<IssueResult> {
  if (access.kind === 'closed') {
    return { url: null, note: { level: 'warning', text: `No issue was written. ${access.reason}` } };
  }
  return publishIssue(access.api, { delivery, context, key: settings.commentKey });
}

async function addCheckRun(access: Access, request: LinkedRequest): Promise<Note | null> {
  const { delivery, context, settings } = request;
  return access.kind === 'closed'
    ? { level: 'warning', text: `No check run was written. ${access.reason}` }
    : await publishCheckRun(access.api, { delivery, context, key: settings.commentKey });
}

async function addSuggestions(access: Access, request: LinkedRequest): Promise<Note | null> {
  const { delivery, context, settings } = request;
  // A run that found nothing out does not know which of them are obsolete.
  if (delivery.suggestions === undefined) return null;
  return access.kind === 'closed'
    ? { level: 'warning', text: `No suggestions were written. ${access.reason}` }
    : await publishSuggestions(access.api, {
        suggestions: delivery.suggestions,
        context,
        key: settings.commentKey,
      });
}

function annotateLog({ annotations }: Pick<Delivery, 'annotations'>, { workspace }: GitHubContext): void {
  for (const annotation of annotations.slice(0, logAnnotationsAtMost)) {
    const { path, line, title, message } = placeAnnotation(annotation, workspace);
    core.error(
      defuseWorkflowCommands(message),
      path === null ? { title } : { title, file: path, startLine: line },
    );
  }
}

/** Takes the runner's environment and event file; gives where this run stands: repository, commit, order, pull request. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { issueCommentEvent, mergeGroupEvent, pullRequestEvent, workflowRunEvent } from './event-shapes.js';
import type { Compared, GitHubContext } from './github-context.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Never throws: a run whose event cannot be read still has a verdict to tell. */
export function readGitHubContext(environment: Environment): GitHubContext {
  const context = readRun(environment);
  const eventName = environment.GITHUB_EVENT_NAME ?? '';
  const path = environment.GITHUB_EVENT_PATH ?? '';
  const unreadable = (reason: string): GitHubContext => ({
    ...context,
    pullRequest: { kind: 'unreadable', reason },
  });
  if (path === '') {
    return unreadable('GITHUB_EVENT_PATH is not set, so that the pull request is not known.');
  }
  let event: unknown;
  try {
    event = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error: unknown) {
    const problem = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    return unreadable(
      `The event file ${path} (GITHUB_EVENT_PATH) ${problem}, so that the pull request is not known.`,
    );
  }
  try {
    return withEvent(context, eventName, event);
  } catch (error: unknown) {
    if (!(error instanceof z.ZodError)) {
      throw error;
    }
    const where = error.issues.map((issue) => issue.path.join('.')).join(', ');
    return unreadable(
      `The event file ${path} (GITHUB_EVENT_PATH) is not what GitHub sends for \`${eventName}\` (${where}).`,
    );
  }
}

function withEvent(context: GitHubContext, eventName: string, event: unknown): GitHubContext {
  switch (eventName) {
    case 'pull_request':
    case 'pull_request_target': {
      const { number, head, base } = pullRequestEvent.parse(event).pull_request;
      const isFromFork = head.repo?.full_name !== base.repo.full_name;
      const compared = withBase(base.sha);
      return { ...context, commit: head.sha, compared, pullRequest: { kind: 'known', number, isFromFork } };
    }
    case 'issue_comment': {
      const { number, pull_request } = issueCommentEvent.parse(event).issue;
      return pull_request === undefined
        ? context
        : { ...context, pullRequest: { kind: 'known', number, isFromFork: false } };
    }
    case 'workflow_run':
      return withTriggeringRun(context, workflowRunEvent.parse(event));
    case 'merge_group':
      return { ...context, compared: withBase(mergeGroupEvent.parse(event).merge_group?.base_sha) };
    default:
      return { ...context, compared: { kind: 'by others', commit: context.commit } };
  }
}

function withBase(commit: string | undefined): Compared {
  return commit === undefined ? { kind: 'unknown' } : { kind: 'with', commit };
}

/** A `workflow_run` speaks for the run that triggered it: its commit, its place in the order, its pull request. */
function withTriggeringRun(
  context: GitHubContext,
  { workflow_run: run, repository }: z.infer<typeof workflowRunEvent>,
): GitHubContext {
  const speaksFor = {
    ...context,
    commit: run.head_sha,
    runUrl: run.html_url,
    runId: run.id,
    workflow: withoutRef(run.path),
    order: { runNumber: run.run_number, attempt: run.run_attempt },
  };
  const none = (reason: string): GitHubContext => ({ ...speaksFor, pullRequest: { kind: 'none', reason } });
  if (run.event !== 'pull_request') {
    return none(`The run that triggered this one was started by \`${run.event}\`, not by a pull request.`);
  }
  if (run.head_repository === null || run.head_branch === null) {
    return none('The branch that the run was for is gone.');
  }
  // The event lists no pull requests for a fork, so the number has to be asked for.
  const head = {
    owner: run.head_repository.owner.login,
    branch: run.head_branch,
    repositoryId: run.head_repository.id,
    commit: run.head_sha,
  };
  const isFromFork = head.repositoryId !== repository.id;
  return { ...speaksFor, pullRequest: { kind: 'by-head', head, isFromFork } };
}

function readRun(environment: Environment): GitHubContext {
  const [owner = '', name = ''] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  const serverUrl = environment.GITHUB_SERVER_URL ?? 'https://github.com';
  const runId = Number(environment.GITHUB_RUN_ID ?? 0);
  const eventName = environment.GITHUB_EVENT_NAME ?? '';
  const attempt = Number(environment.GITHUB_RUN_ATTEMPT ?? 1);
  const isKnown = owner !== '' && name !== '';
  const repositoryUrl = `${serverUrl}/${owner}/${name}`;
  return {
    repository: isKnown ? { owner, name } : null,
    repositoryUrl: isKnown ? repositoryUrl : null,
    apiUrl: environment.GITHUB_API_URL ?? 'https://api.github.com',
    commit: environment.GITHUB_SHA ?? '',
    runUrl: `${repositoryUrl}/actions/runs/${runId}`,
    summaryUrl: `${repositoryUrl}/actions/runs/${runId}/attempts/${attempt}`,
    runId,
    workflow: readWorkflow(environment),
    order: {
      runNumber: Number(environment.GITHUB_RUN_NUMBER ?? 0),
      attempt,
    },
    workspace: environment.GITHUB_WORKSPACE ?? process.cwd(),
    compared: { kind: 'unknown' },
    pullRequest: { kind: 'none', reason: `\`${eventName}\` belongs to no pull request.` },
  };
}

/** From `owner/repo/.github/workflows/a.yml@refs/heads/main`; in a reusable workflow it names the caller's. */
function readWorkflow(environment: Environment): string {
  const reference = environment.GITHUB_WORKFLOW_REF;
  if (reference === undefined) {
    return environment.GITHUB_WORKFLOW ?? '';
  }
  return withoutRef(reference.split('/').slice(2).join('/'));
}

function withoutRef(path: string): string {
  return path.replace(/@.*$/, '');
}

/** Takes the runner's environment and event file; gives where this run stands: repository, commit, order, pull request. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** Which of two runs of one workflow is the newer. A re-run keeps its number and raises its attempt. */
export interface RunOrder {
  readonly runNumber: number;
  readonly attempt: number;
}

/** The head of a pull request that only GitHub can tell the number of, and who vouches for it. */
export interface PullRequestHead {
  readonly owner: string;
  readonly branch: string;
  readonly repositoryId: number;
  readonly commit: string;
}

export type PullRequestReference =
  | { readonly kind: 'known'; readonly number: number; readonly isFromFork: boolean }
  | { readonly kind: 'by-head'; readonly head: PullRequestHead; readonly isFromFork: boolean }
  /** Nothing is wrong: a push or a schedule belongs to no pull request. */
  | { readonly kind: 'none'; readonly reason: string }
  /** Something is wrong: there may be a pull request, but it cannot be told which. */
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface GitHubContext {
  readonly repository: Repository | null;
  readonly apiUrl: string;
  /** The commit that was looked at: the pull request's head, not the merge commit made for the run. */
  readonly commit: string;
  readonly runUrl: string;
  readonly runId: number;
  /** `.github/workflows/schema-fix.yml`: run numbers of different workflows cannot be compared. */
  readonly workflow: string;
  readonly order: RunOrder;
  /** Where the repository is checked out; annotations are relative to it. */
  readonly workspace: string;
  readonly pullRequest: PullRequestReference;
}

const pullRequestEvent = z.object({
  pull_request: z.object({
    number: z.number().int().positive(),
    head: z.object({ sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
    base: z.object({ repo: z.object({ full_name: z.string() }) }),
  }),
});

const issueCommentEvent = z.object({
  issue: z.object({ number: z.number().int().positive(), pull_request: z.unknown().optional() }),
});

const workflowRunEvent = z.object({
  workflow_run: z.object({
    event: z.string(),
    id: z.number().int(),
    run_number: z.number().int(),
    run_attempt: z.number().int(),
    path: z.string(),
    html_url: z.string(),
    head_sha: z.string(),
    head_branch: z.string(),
    head_repository: z.object({ id: z.number().int(), owner: z.object({ login: z.string() }) }),
  }),
  repository: z.object({ id: z.number().int() }),
});

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
      return { ...context, commit: head.sha, pullRequest: { kind: 'known', number, isFromFork } };
    }
    case 'issue_comment': {
      const { number, pull_request } = issueCommentEvent.parse(event).issue;
      return pull_request === undefined
        ? context
        : { ...context, pullRequest: { kind: 'known', number, isFromFork: false } };
    }
    case 'workflow_run':
      return withTriggeringRun(context, workflowRunEvent.parse(event));
    default:
      return context;
  }
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
  if (run.event !== 'pull_request') {
    const reason = `The run that triggered this one was started by \`${run.event}\`, not by a pull request.`;
    return { ...speaksFor, pullRequest: { kind: 'none', reason } };
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
  return {
    repository: owner === '' || name === '' ? null : { owner, name },
    apiUrl: environment.GITHUB_API_URL ?? 'https://api.github.com',
    commit: environment.GITHUB_SHA ?? '',
    runUrl: `${serverUrl}/${owner}/${name}/actions/runs/${runId}`,
    runId,
    workflow: readWorkflow(environment),
    order: {
      runNumber: Number(environment.GITHUB_RUN_NUMBER ?? 0),
      attempt: Number(environment.GITHUB_RUN_ATTEMPT ?? 1),
    },
    workspace: environment.GITHUB_WORKSPACE ?? process.cwd(),
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

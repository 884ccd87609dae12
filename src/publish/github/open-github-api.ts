/** Takes a token and an address; gives the few calls to GitHub that publishing needs, as plain data, retried and paced. */
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import type { PullRequestHead, Repository } from './read-github-context.js';

export interface Account {
  readonly id: number;
  readonly login: string;
}

export interface Comment {
  readonly id: number;
  readonly url: string;
  readonly body: string;
  /** null: the account is gone. */
  readonly author: Account | null;
}

export interface CheckRunAnnotation {
  readonly path: string;
  readonly line: number;
  readonly title: string;
  readonly message: string;
}

export interface CheckRunOutput {
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly CheckRunAnnotation[];
}

export interface GitHubApi {
  /** Who the token speaks for; null where it may not ask. */
  readViewer(): Promise<Account | null>;
  /** All pages, oldest first. */
  listComments(pullRequest: number): Promise<readonly Comment[]>;
  createComment(pullRequest: number, body: string): Promise<Comment>;
  updateComment(id: number, body: string): Promise<Comment>;
  deleteComment(id: number): Promise<void>;
  /** Numbers of the open pull requests whose head is exactly this commit of this repository. */
  listPullRequestsOfHead(head: PullRequestHead): Promise<readonly number[]>;
  createCheckRun(checkRun: {
    readonly name: string;
    readonly commit: string;
    readonly conclusion: 'success' | 'failure';
    readonly detailsUrl: string;
    readonly output: CheckRunOutput;
  }): Promise<number>;
  /** GitHub adds the annotations to those that are there. */
  addToCheckRun(id: number, output: CheckRunOutput): Promise<void>;
}

export interface ApiSettings {
  readonly token: string;
  readonly apiUrl: string;
  readonly repository: Repository;
  /** Ends every request: publishing never keeps a job waiting for long. */
  readonly signal: AbortSignal;
  /** Told when GitHub asks to wait. */
  readonly log: (text: string) => void;
}

const retriesAfterServerError = 2;
const retriesAfterRateLimit = 2;
const longestWaitSeconds = 60;

export async function openGitHubApi(settings: ApiSettings): Promise<GitHubApi> {
  const octokit = await openOctokit(settings);
  const repository = { owner: settings.repository.owner, repo: settings.repository.name };
  return {
    async readViewer() {
      try {
        // `GET /user` refuses the tokens of workflows and apps; this question every kind of token may ask.
        const { viewer } = await octokit.graphql<Viewer>('query { viewer { login databaseId } }');
        return { id: viewer.databaseId, login: viewer.login };
      } catch (error: unknown) {
        if (isRefused(error)) {
          return null;
        }
        throw error;
      }
    },
    async listComments(pullRequest) {
      const comments = await octokit.paginate(octokit.rest.issues.listComments, {
        ...repository,
        issue_number: pullRequest,
        per_page: 100,
      });
      return comments.map(toComment);
    },
    async createComment(pullRequest, body) {
      const answer = await octokit.rest.issues.createComment({
        ...repository,
        issue_number: pullRequest,
        body,
      });
      return toComment(answer.data);
    },
    async updateComment(id, body) {
      const answer = await octokit.rest.issues.updateComment({ ...repository, comment_id: id, body });
      return toComment(answer.data);
    },
    async deleteComment(id) {
      await octokit.rest.issues.deleteComment({ ...repository, comment_id: id });
    },
    async listPullRequestsOfHead({ owner, branch, repositoryId, commit }) {
      const pullRequests = await octokit.paginate(octokit.rest.pulls.list, {
        ...repository,
        state: 'open',
        head: `${owner}:${branch}`,
        per_page: 100,
      });
      return pullRequests
        .filter(({ head }) => head.sha === commit && head.repo?.id === repositoryId)
        .map(({ number }) => number);
    },
    async createCheckRun({ name, commit, conclusion, detailsUrl, output }) {
      const answer = await octokit.rest.checks.create({
        ...repository,
        name,
        head_sha: commit,
        status: 'completed',
        conclusion,
        details_url: detailsUrl,
        output: toOutput(output),
      });
      return answer.data.id;
    },
    async addToCheckRun(id, output) {
      await octokit.rest.checks.update({ ...repository, check_run_id: id, output: toOutput(output) });
    },
  };
}

async function openOctokit({ token, apiUrl, signal, log }: ApiSettings) {
  // Importing this reads and parses the event file, and dies if that is malformed: so not before it was looked at.
  const { GitHub, defaults, getOctokitOptions } = await import(
    /* webpackMode: "eager" */ '@actions/github/lib/utils'
  );
  const waits = (seconds: number, retryCount: number): boolean => {
    const isWorthWaiting = seconds <= longestWaitSeconds && retryCount < retriesAfterRateLimit;
    log(`GitHub asks to wait for ${seconds} s: ${isWorthWaiting ? 'trying again then' : 'giving up'}.`);
    return isWorthWaiting;
  };
  const Octokit = GitHub.plugin(retry, throttling);
  return new Octokit(
    getOctokitOptions(token, {
      baseUrl: apiUrl,
      request: { ...defaults.request, signal },
      log: { debug: log, info: log, warn: log, error: log },
      // 429 is left to the throttling, which heeds `retry-after`; both together would multiply the tries.
      retry: { retries: retriesAfterServerError, doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
      throttle: {
        onRateLimit: (seconds: number, _options: unknown, _octokit: unknown, retryCount: number) =>
          waits(seconds, retryCount),
        onSecondaryRateLimit: (seconds: number, _options: unknown, _octokit: unknown, retryCount: number) =>
          waits(seconds, retryCount),
      },
    }),
  );
}

interface Viewer {
  readonly viewer: { readonly login: string; readonly databaseId: number };
}

/** GraphQL answers 200 with errors where it understood the question and refuses to answer it. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const status = 'status' in error ? error.status : null;
  return error.name === 'GraphqlResponseError' || status === 403 || status === 404;
}

function toComment(comment: {
  readonly id: number;
  readonly html_url: string;
  readonly body?: string;
  readonly user: { readonly id: number; readonly login: string } | null;
}): Comment {
  const { id, html_url: url, body = '', user } = comment;
  return { id, url, body, author: user === null ? null : { id: user.id, login: user.login } };
}

function toOutput({ title, summary, annotations }: CheckRunOutput) {
  return {
    title,
    summary,
    annotations: annotations.map(({ path, line, title, message }) => ({
      path,
      start_line: line,
      end_line: line,
      annotation_level: 'failure' as const,
      title,
      message,
    })),
  };
}

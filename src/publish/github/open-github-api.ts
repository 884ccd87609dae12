/** Takes a token and a repository; gives the calls to GitHub that publishing needs. */

import type { Repository } from '../../settings/github/github-context.js';
import type { CheckRunOutput, Comment, GitHubApi, Issue } from './github-api.js';
import { readDiffLines, readShownLines } from './link-places.js';
import { type ClientSettings, openOctokit } from './open-octokit.js';

export interface ApiSettings extends ClientSettings {
  readonly repository: Repository;
}

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
    async listOpenIssues() {
      const issues = await octokit.paginate(octokit.rest.issues.listForRepo, {
        ...repository,
        state: 'open',
        sort: 'created',
        direction: 'asc',
        per_page: 100,
      });
      return issues.filter((issue) => issue.pull_request === undefined).map(toIssue);
    },
    async createIssue({ title, body }) {
      const answer = await octokit.rest.issues.create({ ...repository, title, body });
      return toIssue(answer.data);
    },
    async updateIssue(number, { title, body, isClosed }) {
      const answer = await octokit.rest.issues.update({
        ...repository,
        issue_number: number,
        title,
        body,
        ...(isClosed ? { state: 'closed', state_reason: 'completed' } : {}),
      });
      return toIssue(answer.data);
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
    async readHead(pullRequest) {
      const answer = await octokit.rest.pulls.get({ ...repository, pull_number: pullRequest });
      return answer.data.head.sha;
    },
    async readShownLines(pullRequest) {
      const files = await octokit.paginate(octokit.rest.pulls.listFiles, {
        ...repository,
        pull_number: pullRequest,
        per_page: 100,
      });
      return {
        pullRequest,
        files: new Map(files.map(({ filename, patch }) => [filename, readShownLines(patch)])),
      };
    },
    async readDiffLines(pullRequest) {
      const files = await octokit.paginate(octokit.rest.pulls.listFiles, {
        ...repository,
        pull_number: pullRequest,
        per_page: 100,
      });
      return new Map(files.map(({ filename, patch }) => [filename, readDiffLines(patch)]));
    },
    async listReviewComments(pullRequest) {
      const comments = await octokit.paginate(octokit.rest.pulls.listReviewComments, {
        ...repository,
        pull_number: pullRequest,
        per_page: 100,
      });
      return comments.map(({ id, path, line, body, user, in_reply_to_id: inReplyTo }) => ({
        id,
        path,
        line: line ?? null,
        body,
        author: user === null ? null : { id: user.id, login: user.login },
        inReplyTo: inReplyTo ?? null,
      }));
    },
    async createReviewComment(pullRequest, { commit, path, line, body }) {
      await octokit.rest.pulls.createReviewComment({
        ...repository,
        pull_number: pullRequest,
        commit_id: commit,
        path,
        line,
        side: 'RIGHT',
        body,
      });
    },
    async deleteReviewComment(id) {
      await octokit.rest.pulls.deleteReviewComment({ ...repository, comment_id: id });
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

function toIssue(issue: {
  readonly number: number;
  readonly html_url: string;
  readonly body?: string | null;
  readonly user: { readonly id: number; readonly login: string } | null;
}): Issue {
  const { number, html_url: url, body, user } = issue;
  return {
    number,
    url,
    body: body ?? '',
    author: user === null ? null : { id: user.id, login: user.login },
  };
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

/** What GitHub does when it is asked: each operation changes or reads what the double remembers. */
import type { Account, Token } from './accounts.js';
import type { ContractRequest, Parameters } from './contract.js';

export interface StoredComment {
  readonly id: number;
  readonly issue: number;
  readonly author: Account;
  body: string;
}

export interface StoredReviewComment {
  readonly id: number;
  readonly pullRequest: number;
  readonly author: Account;
  readonly path: string;
  /** null: outdated. */
  line: number | null;
  readonly body: string;
  readonly inReplyTo?: number;
}

export interface StoredAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly title: string;
  readonly message: string;
}

export interface StoredCheckRun {
  readonly id: number;
  readonly name: string;
  readonly head_sha: string;
  readonly conclusion: string;
  readonly output: { title: string; summary: string; annotations: StoredAnnotation[] };
}

export interface StoredPullRequest {
  readonly number: number;
  readonly head: {
    readonly owner: string;
    readonly branch: string;
    readonly sha: string;
    readonly repositoryId: number;
  };
  /** What its diff shows; none: nothing was changed. */
  readonly files?: readonly { readonly filename: string; readonly patch?: string }[];
}

export interface StoredIssue {
  readonly number: number;
  readonly author: Account;
  title: string;
  body: string;
  state: 'open' | 'closed';
}

export interface GitHubState {
  readonly issues: StoredIssue[];
  readonly comments: StoredComment[];
  readonly reviewComments: StoredReviewComment[];
  readonly checkRuns: StoredCheckRun[];
  readonly pullRequests: StoredPullRequest[];
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Records with every field that GitHub promises; what is asked for is filled in. */
export interface Examples {
  readonly comment: { readonly user: object };
  readonly pullRequest: { readonly head: { readonly repo: object } };
  readonly changedFile: object;
  readonly wholePullRequest: { readonly head: object };
  readonly checkRun: object;
  readonly reviewComment: { readonly user: object };
}

export interface Call {
  readonly examples: Examples;
  readonly state: GitHubState;
  readonly token: Token;
  readonly request: ContractRequest;
  readonly parameters: Parameters;
  /** Of the double, without a slash at the end. */
  readonly url: string;
}

export const operations: Readonly<Record<string, (call: Call) => Answer>> = {
  'issues/list-comments': listComments,
  'issues/create-comment': createComment,
  'issues/update-comment': updateComment,
  'issues/delete-comment': deleteComment,
  'issues/list-for-repo': listIssues,
  'issues/create': createIssue,
  'issues/update': updateIssue,
  'pulls/list': listPullRequests,
  'pulls/get': readPullRequest,
  'pulls/list-files': listChangedFiles,
  'pulls/list-review-comments': listReviewComments,
  'pulls/create-review-comment': createReviewComment,
  'pulls/delete-review-comment': deleteReviewComment,
  'checks/create': createCheckRun,
  'checks/update': updateCheckRun,
};

function listComments(call: Call): Answer {
  const { state, request, parameters, url } = call;
  if (!isKnown(call)) {
    return refuse(404, 'Not Found');
  }
  const all = state.comments.filter(({ issue }) => issue === Number(parameters.issue_number));
  const size = Number(request.query.per_page ?? 30);
  const page = Number(request.query.page ?? 1);
  const next = `<${url}${request.path}?per_page=${size}&page=${page + 1}>; rel="next"`;
  return {
    status: 200,
    body: all.slice((page - 1) * size, page * size).map((comment) => toComment(call, comment)),
    headers: all.length > page * size ? { link: next } : {},
  };
}

function createComment(call: Call): Answer {
  const { state, token, request, parameters } = call;
  if (!isKnown(call)) {
    return refuse(404, 'Not Found');
  }
  if (token.pullRequests !== 'write') {
    return refuse(403, 'Resource not accessible by integration');
  }
  const comment: StoredComment = {
    id: nextId(state.comments),
    issue: Number(parameters.issue_number),
    author: token.account,
    body: (request.body as { body: string }).body,
  };
  state.comments.push(comment);
  return { status: 201, body: toComment(call, comment) };
}

function updateComment(call: Call): Answer {
  const comment = call.state.comments.find(({ id }) => id === Number(call.parameters.comment_id));
  if (comment === undefined) {
    return refuse(404, 'Not Found');
  }
  // Whoever may write may also edit the comments of others: GitHub protects nobody from a careless bot.
  if (call.token.pullRequests !== 'write') {
    return refuse(403, 'Resource not accessible by integration');
  }
  comment.body = (call.request.body as { body: string }).body;
  return { status: 200, body: toComment(call, comment) };
}

function deleteComment({ state, parameters, token }: Call): Answer {
  const index = state.comments.findIndex(({ id }) => id === Number(parameters.comment_id));
  if (index === -1) {
    return refuse(404, 'Not Found');
  }
  if (token.pullRequests !== 'write') {
    return refuse(403, 'Resource not accessible by integration');
  }
  state.comments.splice(index, 1);
  return { status: 204, body: undefined };
}

function listIssues(call: Call): Answer {
  const { state, request, url } = call;
  const all = state.issues.filter((issue) => request.query.state === 'all' || issue.state === 'open');
  const size = Number(request.query.per_page ?? 30);
  const page = Number(request.query.page ?? 1);
  const next = `<${url}${request.path}?state=open&per_page=${size}&page=${page + 1}>; rel="next"`;
  return {
    status: 200,
    body: all.slice((page - 1) * size, page * size).map((issue) => toIssue(call, issue)),
    headers: all.length > page * size ? { link: next } : {},
  };
}

function createIssue(call: Call): Answer {
  const { state, token, request } = call;
  if (token.issues !== 'write') return refuse(403, 'Resource not accessible by integration');
  const { title, body } = request.body as { title: string; body: string };
  const number = Math.max(100, ...state.issues.map((issue) => issue.number)) + 1;
  const issue: StoredIssue = { number, author: token.account, title, body, state: 'open' };
  state.issues.push(issue);
  return { status: 201, body: toIssue(call, issue) };
}

function updateIssue(call: Call): Answer {
  const issue = call.state.issues.find(({ number }) => number === Number(call.parameters.issue_number));
  if (issue === undefined) return refuse(404, 'Not Found');
  if (call.token.issues !== 'write') return refuse(403, 'Resource not accessible by integration');
  Object.assign(issue, call.request.body);
  return { status: 200, body: toIssue(call, issue) };
}

/** By hand: an issue may have another in it, of which no example can be made. */
function toIssue({ examples, url }: Call, { number, author, title, body, state }: StoredIssue) {
  const at = `${url}/repos/acme/app/issues/${number}`;
  const time = '2026-11-26T03:00:00Z';
  return {
    ...{
      id: number,
      node_id: `I_${number}`,
      number,
      title,
      body,
      state,
      locked: false,
      comments: 0,
      labels: [],
    },
    ...{
      assignee: null,
      assignees: [],
      milestone: null,
      closed_at: null,
      created_at: time,
      updated_at: time,
    },
    ...{ url: at, repository_url: `${url}/repos/acme/app`, labels_url: `${at}/labels{/name}` },
    ...{ comments_url: `${at}/comments`, events_url: `${at}/events`, author_association: 'NONE' },
    html_url: `${url}/acme/app/issues/${number}`,
    user: { ...examples.comment.user, id: author.id, login: author.login, type: author.type },
  };
}

function listPullRequests({ state, examples, request }: Call): Answer {
  const found = state.pullRequests.filter(
    ({ head }) => `${head.owner}:${head.branch}` === request.query.head,
  );
  const example = examples.pullRequest;
  const body = found.map(({ number, head }) => ({
    ...example,
    number,
    head: {
      ...example.head,
      ref: head.branch,
      sha: head.sha,
      repo: { ...example.head.repo, id: head.repositoryId },
    },
  }));
  return { status: 200, body };
}

function readPullRequest({ state, examples, parameters }: Call): Answer {
  const found = state.pullRequests.find(({ number }) => number === Number(parameters.pull_number));
  if (found === undefined) {
    return refuse(404, 'Not Found');
  }
  const example = examples.wholePullRequest;
  const { sha, branch } = found.head;
  return {
    status: 200,
    body: { ...example, number: found.number, head: { ...example.head, ref: branch, sha } },
  };
}

function listChangedFiles({ state, examples, parameters }: Call): Answer {
  const found = state.pullRequests.find(({ number }) => number === Number(parameters.pull_number));
  if (found === undefined) {
    return refuse(404, 'Not Found');
  }
  // GitHub leaves out the patch of a file that is binary or too large.
  const { patch: _, ...example } = examples.changedFile as { patch?: string };
  return { status: 200, body: (found.files ?? []).map((file) => ({ ...example, ...file })) };
}

function listReviewComments(call: Call): Answer {
  const { state, parameters } = call;
  const all = state.reviewComments.filter(
    ({ pullRequest }) => pullRequest === Number(parameters.pull_number),
  );
  return { status: 200, body: all.map((comment) => toReviewComment(call, comment)) };
}

/** GitHub takes a comment only on a line that the diff shows, of the commit that it is of. */
function createReviewComment(call: Call): Answer {
  const { state, token, request, parameters } = call;
  if (token.pullRequests !== 'write') {
    return refuse(403, 'Resource not accessible by integration');
  }
  const { path, line, body } = request.body as StoredReviewComment;
  const found = state.pullRequests.find(({ number }) => number === Number(parameters.pull_number));
  const patch = found?.files?.find(({ filename }) => filename === path)?.patch ?? '';
  const isShown = [...patch.matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)].some(
    ([, from, count = '1']) => Number(line) >= Number(from) && Number(line) < Number(from) + Number(count),
  );
  if (!isShown) {
    return refuse(422, 'Validation Failed: pull_request_review_thread.line must be part of the diff');
  }
  const comment: StoredReviewComment = {
    id: nextId(state.reviewComments),
    pullRequest: Number(parameters.pull_number),
    author: token.account,
    path,
    line,
    body,
  };
  state.reviewComments.push(comment);
  return { status: 201, body: toReviewComment(call, comment) };
}

function deleteReviewComment({ state, parameters, token }: Call): Answer {
  const index = state.reviewComments.findIndex(({ id }) => id === Number(parameters.comment_id));
  if (index === -1) {
    return refuse(404, 'Not Found');
  }
  if (token.pullRequests !== 'write') {
    return refuse(403, 'Resource not accessible by integration');
  }
  state.reviewComments.splice(index, 1);
  // The description has no content here, which is judged as null.
  return { status: 204, body: null };
}

function toReviewComment(
  { examples }: Call,
  { id, author, path, line, body, inReplyTo }: StoredReviewComment,
) {
  // What the description has as a number GitHub answers as null where the line is outdated.
  const { in_reply_to_id: _, line: __, ...example } = examples.reviewComment as Record<string, unknown>;
  const { user } = examples.reviewComment;
  return {
    ...example,
    id,
    path,
    body,
    ...(line === null ? {} : { line }),
    ...(inReplyTo === undefined ? {} : { in_reply_to_id: inReplyTo }),
    user: { ...user, id: author.id, login: author.login, type: author.type },
  };
}

function createCheckRun(call: Call): Answer {
  const { state, token, request } = call;
  const refusal = refuseCheckRun(token);
  if (refusal !== null) {
    return refusal;
  }
  const body = request.body as Omit<StoredCheckRun, 'id'>;
  const checkRun = { ...body, id: nextId(state.checkRuns), output: { ...body.output } };
  checkRun.output.annotations = [...(body.output.annotations ?? [])];
  state.checkRuns.push(checkRun);
  return { status: 201, body: toCheckRun(call, checkRun) };
}

function updateCheckRun(call: Call): Answer {
  const checkRun = call.state.checkRuns.find(({ id }) => id === Number(call.parameters.check_run_id));
  const refusal = refuseCheckRun(call.token);
  if (checkRun === undefined || refusal !== null) {
    return refusal ?? refuse(404, 'Not Found');
  }
  const { output } = call.request.body as Pick<StoredCheckRun, 'output'>;
  checkRun.output.annotations.push(...(output.annotations ?? []));
  return { status: 200, body: toCheckRun(call, checkRun) };
}

function refuseCheckRun({ checks, isOfApp }: Token): Answer | null {
  if (!isOfApp) {
    return refuse(403, 'You must authenticate via a GitHub App.');
  }
  return checks === 'write' ? null : refuse(403, 'Resource not accessible by integration');
}

export function refuse(status: number, message: string): Answer {
  const body = { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
  return { status, body };
}

function isKnown({ state, parameters }: Call): boolean {
  return state.pullRequests.some(({ number }) => number === Number(parameters.issue_number));
}

function toComment({ examples, url }: Call, { id, issue, author, body }: StoredComment) {
  return {
    ...examples.comment,
    id,
    body,
    html_url: `${url}/acme/app/pull/${issue}#issuecomment-${id}`,
    user: { ...examples.comment.user, id: author.id, login: author.login, type: author.type },
  };
}

function toCheckRun({ examples }: Call, { id, name, head_sha, conclusion }: StoredCheckRun) {
  return { ...examples.checkRun, id, name, head_sha, conclusion, status: 'completed' };
}

function nextId(stored: readonly { readonly id: number }[]): number {
  return Math.max(0, ...stored.map(({ id }) => id)) + 1;
}

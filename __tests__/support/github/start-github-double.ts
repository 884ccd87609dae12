/**
 * A GitHub on this machine that remembers what it is told. Each request and each answer is held against GitHub's own
 * description of its API and against the limits that the description leaves out; a breach is kept in `breaches`, which
 * a test expects to be empty, and answered with 422 as GitHub would.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Token, tokens } from './accounts.js';
import { type ContractRequest, judgeAnswer, judgeRequest, makeExample } from './contract.js';
import { type Fault, watchFaults } from './faults.js';
import { judgeLimits } from './limits.js';
import { type Answer, type Examples, type GitHubState, operations, refuse } from './operations.js';

export interface GitHubDouble {
  /** What GITHUB_API_URL is set to. */
  readonly url: string;
  readonly state: GitHubState;
  /** `POST /repos/acme/app/issues/12/comments`, in the order they came. */
  readonly requests: readonly string[];
  readonly breaches: readonly string[];
  stop(): Promise<void>;
}

export interface DoubleOptions {
  readonly comments?: GitHubState['comments'];
  readonly reviewComments?: GitHubState['reviewComments'];
  readonly pullRequests?: GitHubState['pullRequests'];
  readonly issues?: GitHubState['issues'];
  readonly faults?: readonly Fault[];
  /** `/api/v3` for GitHub Enterprise. */
  readonly prefix?: string;
}

export async function startGitHubDouble(options: DoubleOptions = {}): Promise<GitHubDouble> {
  const state: GitHubState = {
    comments: options.comments ?? [],
    reviewComments: options.reviewComments ?? [],
    checkRuns: [],
    issues: options.issues ?? [],
    pullRequests: options.pullRequests ?? [],
  };
  const prefix = options.prefix ?? '';
  const examples = await readExamples();
  const requests: string[] = [];
  const breaches: string[] = [];
  const strike = watchFaults(options.faults ?? []);
  const server = createServer(async (incoming, outgoing) => {
    const request = await readRequest(incoming);
    requests.push(`${request.method} ${request.path}`);
    const fault = strike(request.method, request.path);
    if (fault !== null) {
      send(outgoing, { ...refuse(fault.status, fault.message), headers: fault.headers ?? {} });
      return;
    }
    send(outgoing, await answer({ examples, state, breaches, prefix, url: `${origin}${prefix}` }, request));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}${prefix}`,
    state,
    requests,
    breaches,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Double {
  readonly examples: Examples;
  readonly state: GitHubState;
  readonly breaches: string[];
  readonly prefix: string;
  readonly url: string;
}

async function readExamples(): Promise<Examples> {
  const [comment, pullRequests, checkRun, changedFiles, wholePullRequest, reviewComment] = await Promise.all(
    [
      'issues/create-comment',
      'pulls/list',
      'checks/create',
      'pulls/list-files',
      'pulls/get',
      'pulls/create-review-comment',
    ].map(makeExample),
  );
  const [pullRequest] = pullRequests as Examples['pullRequest'][];
  const [changedFile] = changedFiles as Examples['changedFile'][];
  return { comment, pullRequest, checkRun, changedFile, wholePullRequest, reviewComment } as Examples;
}

async function answer(double: Double, request: ContractRequest): Promise<Answer> {
  const token = tokens[(request.headers.authorization ?? '').replace(/^(?:token|bearer) /i, '')];
  if (token === undefined) {
    return refuse(401, 'Bad credentials');
  }
  // GitHub Enterprise has `/api/v3` beside `/api/graphql`.
  if (request.path === `${double.prefix.replace(/\/v3$/, '')}/graphql`) {
    return answerGraphql(double, request, token);
  }
  if (!request.path.startsWith(double.prefix)) {
    return breach(double, request, [`is not below ${double.prefix}`]);
  }
  return answerRest(double, { ...request, path: request.path.slice(double.prefix.length) }, token);
}

async function answerRest(double: Double, request: ContractRequest, token: Token): Promise<Answer> {
  const { examples, state, url } = double;
  const judgement = await judgeRequest(request);
  const operate = judgement === null ? undefined : operations[judgement.operation];
  if (judgement === null || operate === undefined) {
    return breach(double, request, ['is no operation that the double knows']);
  }
  const { operation, parameters } = judgement;
  const problems = [...judgement.problems, ...judgeLimits(request)];
  if (problems.length > 0) {
    return breach(double, request, problems);
  }
  const reply = operate({ examples, state, token, request, parameters, url });
  const wrong = await judgeAnswer({ operation, status: reply.status, body: reply.body });
  return wrong.length === 0 ? reply : breach(double, request, wrong);
}

/** GraphQL has no OpenAPI description: the one question that is asked is known by heart. */
function answerGraphql(double: Double, request: ContractRequest, { account }: Token): Answer {
  const { query } = request.body as { query: string };
  if (query !== 'query { viewer { login databaseId } }') {
    return breach(double, request, [`asks ${query}`]);
  }
  return { status: 200, body: { data: { viewer: { login: account.login, databaseId: account.id } } } };
}

function breach(
  { breaches }: Double,
  { method, path }: ContractRequest,
  problems: readonly string[],
): Answer {
  breaches.push(`${method} ${path}: ${problems.join('; ')}`);
  return refuse(422, `Validation Failed: ${problems.join('; ')}`);
}

async function readRequest(incoming: IncomingMessage): Promise<ContractRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString();
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://double');
  return {
    method: incoming.method ?? '',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: text === '' ? undefined : JSON.parse(text),
  };
}

function send(outgoing: ServerResponse, { status, body, headers }: Answer): void {
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
}

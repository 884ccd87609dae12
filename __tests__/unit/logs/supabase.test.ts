/** What `monitor` makes of a Supabase project's logs. The double holds each question and answer against the API's own description. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readBundle } from '../../../src/locate-bundle.js';
import type { MonitorReport } from '../../../src/watched.js';
import { monitor } from '../../../src/watching/monitor.js';

const definition = path.resolve(import.meta.dirname, '../../fixtures/supabase-openapi.json');
const judge = new Worker(path.resolve(import.meta.dirname, '../../support/github/contract-worker.js'), {
  workerData: { definition },
});
let asked = 0;
async function ask(name: string, question: unknown): Promise<unknown> {
  const id = ++asked;
  judge.postMessage({ id, name, question });
  for (;;) {
    const [{ id: answered, answer }] = await once(judge, 'message');
    if (answered === id) return answer;
  }
}
afterAll(() => judge.terminate());

const project = 'abcdefghijklmnopqrst';
const shipped = readBundle({ bundle: null, given: [] });
const deployedAt = new Date('2026-11-26T12:00:00Z');
const now = Date.parse('2026-11-26T20:00:00Z');

type Answer = { status: number; body: string; headers?: Record<string, string> };
interface Question {
  readonly sql: string;
  readonly from: number;
  readonly to: number;
}

async function monitorProject(
  answer: (question: Question, count: number) => Answer,
): Promise<{ report: MonitorReport; breaches: string[]; questions: Question[] }> {
  const breaches: string[] = [];
  const questions: Question[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://double');
    const query = Object.fromEntries(searchParams);
    const headers = { authorization: String(incoming.headers.authorization) };
    const request = { method: incoming.method, path: pathname, query, headers, body: undefined };
    const judged = (await ask('judgeRequest', request)) as { operation: string; problems: string[] } | null;
    breaches.push(...(judged === null ? [`${pathname} is no operation`] : judged.problems));
    const question = {
      sql: query.sql ?? '',
      from: Date.parse(query.iso_timestamp_start ?? ''),
      to: Date.parse(query.iso_timestamp_end ?? ''),
    };
    // What the description says in words.
    if (!(question.to - question.from <= 24 * 3_600_000)) breaches.push('the range is more than 24 hours');
    breaches.push(...breachesOf(question.sql));
    questions.push(question);
    const given = answer(question, questions.length);
    if (given.status === 200 && given.body.startsWith('{')) {
      const wrong = await ask('judgeAnswer', {
        operation: judged?.operation,
        status: 200,
        body: JSON.parse(given.body),
      });
      breaches.push(...(wrong as string[]));
    }
    outgoing.writeHead(given.status, { 'content-type': 'application/json', ...given.headers });
    outgoing.end(given.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const bundle = await shipped;
    const report = await monitor(
      {
        command: 'monitor',
        bundle: null,
        logs: [],
        log: { prefix: null, zone: null },
        supabase: {
          project,
          token: 'sbp_secret',
          api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        },
        deployedAt,
        databaseUrl: null,
        databaseCa: null,
        since: null,
        files: { json: null, markdown: null, junit: null, html: null },
      },
      { ...bundle, monitor: { ...bundle.monitor, minutes: 60 } },
      { signal: new AbortController().signal, now: new Date(now) },
    );
    return { report, breaches, questions };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** What Supabase says in its guides of the one table that it answers from, which no schema tells. */
function breachesOf(sql: string): string[] {
  const rules: [string, boolean][] = [
    ['the one table is logs', /\bfrom logs\b/.test(sql) && !/\b(?:from|join) (?!logs\b)/.test(sql)],
    ['one source is asked for', /\bwhere source = '(?:edge|postgres)_logs'/.test(sql)],
    ['count(*) and * are refused', !/\*/.test(sql)],
    ['fields are keys of log_attributes', !/\bunnest|\bmetadata\b/.test(sql)],
    ['no more than 1000 rows', /\blimit 1000$/.test(sql)],
  ];
  return rules.filter(([, isKept]) => !isKept).map(([rule]) => rule);
}

const rows = (result: unknown[]): Answer => ({ status: 200, body: JSON.stringify({ result }) });
const request = (time: string, status: number, requests: number, rest: object = {}) => ({
  seen_at: `2026-11-${time}Z`,
  method: 'POST',
  path: '/rest/v1/chat_messages',
  status,
  requests,
  ...rest,
});
/** Of a time without its zone, UTC is meant. */
const within = ({ from, to }: Question, all: { seen_at: string }[]) =>
  all.filter(({ seen_at: at }) => {
    const moment = Date.parse(at.endsWith('Z') ? at : `${at}Z`);
    return moment >= from && moment < to;
  });

describe("a project's logs", () => {
  const all = [
    request('26T10:00:00', 403, 7),
    request('26T10:01:00', 201, 3),
    request('26T13:00:00', 201, 40),
    request('26T13:05:00', 200, 2, { path: '/rest/v1/rpc/create_group_room' }),
    request('26T13:06:00', 500, 9, { path: '/rest/v1/other_table' }),
  ];
  const error = {
    seen_at: '2026-11-26T10:00:00.226000',
    message: 'infinite recursion detected in policy for relation "chat_rooms"',
    severity: 'ERROR',
    sqlstate: '42P17',
    statement: "select * from chat_rooms where title = 'Anna Muster'",
    context: '',
  };
  // What stands in a row of which nothing is known but its message and its code.
  const bare = {
    ...error,
    message: 'new row violates row-level security policy for table "chat_messages"',
    sqlstate: '',
    statement: '',
  };

  it('say what the API answered and what Postgres refused, before and after', async () => {
    const { report, breaches, questions } = await monitorProject((question) =>
      rows(within(question, question.sql.includes('edge_logs') ? all : [error, bare])),
    );
    expect(breaches).toEqual([]);
    expect(questions).toHaveLength(4);
    expect(report.monitor.rates).toMatchObject([
      {
        source: 'Supabase API log',
        title: 'Message delivery',
        before: { done: 3, failed: 7 },
        after: { done: 40, failed: 0 },
      },
      { source: 'Supabase API log', title: 'Group creation', after: { done: 2, failed: 0 } },
    ]);
    const found = report.monitor.signatures.filter(({ before }) => before.count > 0);
    expect(
      found.map(({ source, signature, before, after }) => [source, signature, before.count, after.count]),
    ).toEqual([
      ['Supabase API log', '42501', 7, 0],
      ['Supabase Postgres log', '42501', 1, 0],
      ['Supabase Postgres log', '42P17', 1, 0],
    ]);
    expect(JSON.stringify(report)).not.toMatch(/Muster|sbp_secret/);
    expect([report.verdict, report.monitor.reasons]).toEqual(['pass', []]);
  });

  it('are asked in halves where an answer may have been cut', async () => {
    const many = Array.from({ length: 1500 }, (_, index) => ({
      ...request('26T12:30:00', 201, 1),
      seen_at: new Date(Date.parse('2026-11-26T12:30:00Z') + index * 12_000).toISOString(),
    }));
    const { report, breaches } = await monitorProject((question) =>
      rows(question.sql.includes('edge_logs') ? within(question, many).slice(0, 1000) : []),
    );
    expect(breaches).toEqual([]);
    expect(report.monitor.rates[0]).toMatchObject({ after: { done: 1500, failed: 0 } });
  });

  it('count a request without an answer as one that failed', async () => {
    const { report } = await monitorProject((question) =>
      rows(
        question.sql.includes('edge_logs') ? within(question, [...all, request('26T13:02:00', 0, 2)]) : [],
      ),
    );
    expect(report.monitor.rates[0]).toMatchObject({ after: { done: 40, failed: 2 } });
    expect(report.verdict).toBe('fail');
  });

  it('are asked for again where the API asks to wait', async () => {
    const { report } = await monitorProject((question, count) =>
      count === 1
        ? { status: 429, body: '', headers: { 'retry-after': '0' } }
        : rows(within(question, question.sql.includes('edge_logs') ? all : [error])),
    );
    expect(report.verdict).toBe('pass');
  });

  it.each<[string, Answer, string]>([
    ['401', { status: 401, body: '{"message":"Unauthorized"}' }, 'does not accept the token (401)'],
    ['400', { status: 400, body: '{"message":"unknown column"}' }, 'does not take the question (400)'],
    ['402', { status: 402, body: '' }, 'plan does not let its logs be asked for'],
    ['403', { status: 403, body: '' }, 'may not read the logs of the project'],
    ['429', { status: 429, body: '', headers: { 'retry-after': '3600' } }, 'asks to wait (429)'],
    ['500', { status: 500, body: 'oops', headers: { 'retry-after': '0' } }, 'API answers 500'],
    ['nothing', rows([]), 'Nothing was seen at all'],
    ['an empty page', { status: 200, body: '' }, 'not what it publishes'],
    ['a web page', { status: 200, body: '<html>' }, 'not what it publishes'],
    [
      'an error of its own',
      { status: 200, body: JSON.stringify({ result: [], error: 'unknown column' }) },
      'unknown column',
    ],
    ['rows of another kind', rows([{ a: 1 }]), 'are not what was asked for'],
  ])('prove nothing where the API answers %s', async (_what, answer, reason) => {
    const { report, breaches } = await monitorProject(() => answer);
    expect(breaches).toEqual([]);
    expect(report.verdict).toBe('not proven');
    expect(report.monitor.reasons.join('\n')).toContain(reason);
  });

  it('prove nothing where the API does not answer', async () => {
    const bundle = await shipped;
    const report = await monitor(
      {
        command: 'monitor',
        bundle: null,
        logs: [],
        log: { prefix: null, zone: null },
        supabase: { project, token: 'sbp_secret', api: 'http://127.0.0.1:9' },
        deployedAt,
        databaseUrl: null,
        databaseCa: null,
        since: null,
        files: { json: null, markdown: null, junit: null, html: null },
      },
      bundle,
      { signal: new AbortController().signal, now: new Date(now) },
    );
    expect(report.verdict).toBe('not proven');
    expect(report.monitor.reasons[0]).toContain('API does not answer');
  });
});

it('is described by what Supabase publishes', () => {
  expect(JSON.parse(readFileSync(definition, 'utf8')).paths).toHaveProperty([
    '/v1/projects/{ref}/analytics/endpoints/logs',
  ]);
});

/** A Supabase project's logs → what they say of the fix's tables: what the data API answered, and what Postgres refused. */
import { z } from 'zod';
import { count } from '../counted.js';
import type { LogEntry } from '../logs/log-entry.js';
import { createEventReader, toSignature } from '../logs/recognise-event.js';
import {
  createRowReader,
  LogsUnavailable,
  minute,
  type RowReader,
  readWindow,
  type SupabaseSettings,
  type Window,
} from '../logs/supabase-logs.js';
import type { WatchedEvent } from '../watched.js';
import type { CountedSource } from './judge-totals.js';
import { createTally } from './tally-events.js';
import type { WatchRequest } from './watch-logs.js';

const day = 24 * 60 * minute;

/** Requests of a minute to one path with one answer are one row. ClickHouse, without count(*) and without *, which the API refuses. */
const requests = `select formatDateTime(toStartOfMinute(timestamp), '%Y-%m-%dT%H:%i:%SZ', 'UTC') as seen_at,
    log_attributes['request.method'] as method, log_attributes['request.path'] as path,
    toInt32OrZero(log_attributes['response.status_code']) as status, toFloat64(count()) as requests
  from logs
  where source = 'edge_logs' and log_attributes['request.path'] like '/rest/v1/%'
  group by seen_at, method, path, status
  order by seen_at
  limit 1000`;

/** A key that a row has not is an empty text. */
const errors = `select timestamp as seen_at, event_message as message, log_attributes['parsed.error_severity'] as severity,
    log_attributes['parsed.sql_state_code'] as sqlstate, log_attributes['parsed.query'] as statement,
    log_attributes['parsed.context'] as context
  from logs
  where source = 'postgres_logs' and log_attributes['parsed.error_severity'] in ('ERROR', 'FATAL', 'PANIC')
  order by timestamp
  limit 1000`;

/** A date, in UTC where it does not say; of some answers microseconds since 1970. */
const moment = z.union([
  z.number().transform((microseconds) => Math.round(microseconds / 1000)),
  z.string().transform((text, context) => {
    const milliseconds = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
    if (Number.isNaN(milliseconds)) context.addIssue('is no date');
    return milliseconds;
  }),
]);

const requestShape = z.object({
  seen_at: moment,
  method: z.string(),
  path: z.string(),
  /** 0: it was not answered. */
  status: z.number().int(),
  requests: z.number().int(),
});

const errorShape = z.object({
  seen_at: moment,
  message: z.string().nullish(),
  severity: z.string(),
  sqlstate: z.string().nullish(),
  statement: z.string().nullish(),
  context: z.string().nullish(),
});

export async function watchSupabase(
  settings: SupabaseSettings,
  request: WatchRequest,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<CountedSource[]> {
  const read = createRowReader(settings, signal);
  const windows = chooseWindows(request, now);
  const readEvent = createEventReader(request.names, request.rules.expected);
  const readRequest = createRequestReader(request.names);
  const ofApi = await watch('Supabase API log', { read, sql: requests, windows, request }, (row, take) => {
    const parsed = requestShape.safeParse(row);
    if (!parsed.success) return false;
    const event = readRequest(parsed.data);
    for (let time = 0; event !== null && time < parsed.data.requests; time += 1) take(event);
    return true;
  });
  const ofPostgres = await watch(
    'Supabase Postgres log',
    { read, sql: errors, windows, request },
    (row, take) => {
      const parsed = errorShape.safeParse(row);
      if (!parsed.success) return false;
      const event = readEvent(toEntry(parsed.data));
      if (event !== null) take(event);
      return true;
    },
  );
  return [ofApi, ofPostgres];
}

/** A day before the deployment and a day after it, none of them longer than the API lets one ask for. */
function chooseWindows({ deployedAt, since }: WatchRequest, now: Date): Window[] {
  const whole = (milliseconds: number) => Math.floor(milliseconds / minute) * minute;
  const at = whole(deployedAt.getTime());
  const begin = whole(since?.getTime() ?? at - day);
  const end = Math.min(whole(now.getTime()), at + day);
  const windows: Window[] = [];
  for (let from = begin; from < end; from += day) windows.push({ from, to: Math.min(from + day, end) });
  return windows;
}

interface Asked {
  readonly read: RowReader;
  readonly sql: string;
  readonly windows: readonly Window[];
  readonly request: WatchRequest;
}

async function watch(
  name: string,
  { read, sql, windows, request }: Asked,
  takeRow: (row: unknown, take: (event: WatchedEvent) => void) => boolean,
): Promise<CountedSource> {
  const tally = createTally({
    deployedAt: request.deployedAt.getTime(),
    since: request.since?.getTime() ?? null,
    rates: request.rules.rates,
  });
  const problems: string[] = [];
  let rows = 0;
  let unknown = 0;
  try {
    for (const window of windows) {
      for await (const row of readWindow(read, sql, window)) {
        rows += 1;
        if (!takeRow(row, tally.take)) unknown += 1;
      }
    }
  } catch (error: unknown) {
    if (!(error instanceof LogsUnavailable)) throw error;
    problems.push(`${name}: ${error.message}`);
  }
  if (unknown > 0) {
    problems.push(`${name}: ${unknown} of ${rows} rows are not what was asked for. Please report it.`);
  }
  const isSeen = rows > unknown && problems.length === 0;
  const counted = tally.read();
  return {
    counted,
    tellsErrors: true,
    source: {
      name,
      said: `${count(rows)} rows; ${count(counted.events)} are of the fix's tables`,
      from: isSeen ? (windows[0]?.from ?? null) : null,
      to: isSeen ? (windows.at(-1)?.to ?? null) : null,
      problems,
    },
  };
}

/** `/rest/v1/chat_messages` and `/rest/v1/rpc/open_or_create_dm`; what stands behind the path is not asked for. */
function createRequestReader({
  tables,
  functions,
}: WatchRequest['names']): (row: z.infer<typeof requestShape>) => WatchedEvent | null {
  const named = (names: readonly string[], short: string) =>
    names.filter((name) => name === `public.${short}`);
  return ({ seen_at: at, method, path, status }) => {
    const [, rpc, short = ''] = /^\/rest\/v1\/(rpc\/)?([\w$]+)$/.exec(path) ?? [];
    const found = named(rpc === undefined ? tables : functions, short);
    if (found.length === 0 || ['OPTIONS', 'HEAD'].includes(method)) return null;
    return {
      at,
      error:
        status > 0 && status < 400
          ? null
          : {
              signature: signatureOf(status),
              code: status > 0 ? String(status) : null,
              isExpected: false,
            },
      tables: rpc === undefined ? found : [],
      inserts: rpc === undefined && method === 'POST' ? found : [],
      calls: rpc === undefined ? [] : found,
      statement: `${/^[A-Z]{3,7}$/.test(method) ? method : 'REQUEST'} ${path}`,
      milliseconds: null,
    };
  };
}

/** 409 is a conflict or a missing row of a foreign key; the API log does not say which. */
function signatureOf(status: number) {
  if (status === 401 || status === 403) return toSignature('42501');
  return status === 409 ? toSignature('23505') : toSignature(null);
}

function toEntry(row: z.infer<typeof errorShape>): LogEntry {
  return {
    at: row.seen_at,
    severity: row.severity,
    sqlstate: row.sqlstate || null,
    database: null,
    message: row.message ?? '',
    context: row.context ?? '',
    statement: row.statement || null,
  };
}

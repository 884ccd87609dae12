/** A Supabase project's logs, by its management API → rows of a query, window by window; whatever goes wrong is a sentence. */
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';

export interface SupabaseSettings {
  /** The project's reference. */
  readonly project: string;
  readonly token: string;
  /** Without a slash at the end. */
  readonly api: string;
}

/** What the API answered is no use; the message says what to do. */
export class LogsUnavailable extends Error {}

export interface Window {
  /** Milliseconds since 1970, UTC, whole minutes. */
  readonly from: number;
  readonly to: number;
}

export type RowReader = (sql: string, window: Window) => Promise<readonly unknown[]>;

/** The API cuts an answer after so many rows, without saying so. */
export const mostRows = 1000;
export const minute = 60_000;
const longestAnswer = 60_000;
const tries = 3;
/** Seconds that it may ask us to wait. */
const longestWait = 60;

const answerShape = z.object({
  result: z.array(z.unknown()).nullish(),
  error: z.union([z.string(), z.object({ message: z.string() })]).nullish(),
});

export function createRowReader({ project, token, api }: SupabaseSettings, signal: AbortSignal): RowReader {
  return async (sql, { from, to }) => {
    const url = new URL(`${api}/v1/projects/${project}/analytics/endpoints/logs`);
    url.searchParams.set('sql', sql);
    url.searchParams.set('iso_timestamp_start', new Date(from).toISOString());
    url.searchParams.set('iso_timestamp_end', new Date(to).toISOString());
    for (let tried = 1; ; tried += 1) {
      const answer = await ask(url, token, signal);
      if (answer.ok) return readRows(await answer.text());
      const wait = waitFor(answer);
      if (tried === tries || wait === null)
        throw new LogsUnavailable(describeRefusal(answer.status, project));
      await setTimeout(wait * 1000, undefined, { signal });
    }
  };
}

async function ask(url: URL, token: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      // A token goes nowhere else than where it was sent.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestAnswer)]),
    });
  } catch (error: unknown) {
    signal.throwIfAborted();
    const { cause, message } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new LogsUnavailable(
      `Supabase's API does not answer: ${reason}. Look at the connection and at supabase-api.`,
      {
        cause: error,
      },
    );
  }
}

/** Seconds; null: another try would end as this one. */
function waitFor({ status, headers }: Response): number | null {
  if (status !== 429 && status < 500) return null;
  const asked = Number(headers.get('retry-after') ?? 1);
  return Number.isFinite(asked) && asked >= 0 && asked <= longestWait ? asked : null;
}

function describeRefusal(status: number, project: string): string {
  switch (status) {
    case 401:
      return "Supabase's API does not accept the token (401). Make a new one in the account's settings.";
    case 403:
    case 404:
      return `The token may not read the logs of the project ${project} (${status}). Give one of a member of its organization, with the permission analytics_logs_read.`;
    case 429:
      return "Supabase's API asks to wait (429): too many questions were asked. Run it again in a few minutes.";
    case 402:
      return "The project's plan does not let its logs be asked for (402). Take Postgres' own logs.";
    default:
      if (status < 500) return `Supabase's API does not take the question (${status}). Please report it.`;
      return `Supabase's API answers ${status}. Run it again later; status.supabase.com says whether it is theirs.`;
  }
}

function readRows(text: string): readonly unknown[] {
  const parsed = answerShape.safeParse(parse(text));
  if (!parsed.success) {
    throw new LogsUnavailable(
      "Supabase's API answers something that is not what it publishes. Look at supabase-api: something else may stand in between.",
    );
  }
  const { result, error } = parsed.data;
  if (error != null) {
    throw new LogsUnavailable(
      `Supabase's API cannot answer the question: ${(typeof error === 'string' ? error : error.message).slice(0, 200)}. Please report it.`,
    );
  }
  return result ?? [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** All rows of a window: one that may have been cut is asked in halves, down to a minute. Throws LogsUnavailable. */
export async function* readWindow(read: RowReader, sql: string, window: Window): AsyncGenerator<unknown> {
  const rows = await read(sql, window);
  if (rows.length < mostRows) {
    yield* rows;
    return;
  }
  const { from, to } = window;
  if (to - from <= minute) {
    throw new LogsUnavailable(
      `More than ${mostRows} rows are in the minute from ${new Date(from).toISOString()}, so that not all can be had. Have fewer statements logged, or take Postgres' own logs.`,
    );
  }
  const middle = from + Math.ceil((to - from) / 2 / minute) * minute;
  yield* readWindow(read, sql, { from, to: middle });
  yield* readWindow(read, sql, { from: middle, to });
}

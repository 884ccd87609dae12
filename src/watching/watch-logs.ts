/** Postgres logs, in whatever form → what they say of the fix's tables, one source for each form of log. */
import { stat } from 'node:fs/promises';
import { findFiles } from '../bundle/find-files.js';
import { count } from '../counted.js';
import { UserError } from '../errors.js';
import { assertUsable, type LogReading, type LogSettings, readEntries } from '../logs/read-entries.js';
import { createEventReader } from '../logs/recognise-event.js';
import type { Monitoring } from '../model.js';
import type { CountedSource } from './judge-totals.js';
import { createTally } from './tally-events.js';

export interface WatchRequest {
  readonly rules: Monitoring;
  readonly names: { readonly tables: readonly string[]; readonly functions: readonly string[] };
  readonly deployedAt: Date;
  readonly since: Date | null;
}

/** Messages of one moment may be on both sides of a rotation. Milliseconds. */
const rotation = 1000;

export async function watchLogs(
  globs: readonly string[],
  settings: LogSettings,
  request: WatchRequest,
): Promise<CountedSource[]> {
  if (globs.length === 0) return [];
  assertUsable(settings);
  const { paths, unmatched } = await findFiles(globs);
  if (unmatched.length > 0)
    throw new UserError(`logs: no file matches ${unmatched.join(', ')}. Paths count from ${process.cwd()}.`);
  const readings: (LogReading & { readonly path: string })[] = [];
  const tally = createTally({
    deployedAt: request.deployedAt.getTime(),
    since: request.since?.getTime() ?? null,
    rates: request.rules.rates,
  });
  const readEvent = createEventReader(request.names, request.rules.expected);
  for (const path of paths) {
    const reading = await readEntries(path, settings, (entry) => {
      const event = readEvent(entry);
      if (event !== null) tally.take(event);
    });
    readings.push({ path, ...reading });
  }
  assertApart(readings);
  const counted = tally.read();
  const ends = readings.flatMap(({ from, to }) => (from === null || to === null ? [] : [from, to]));
  const forms = [...new Set(readings.flatMap((reading) => [...reading.forms.keys()]))].sort();
  const bytes = (await Promise.all(paths.map(async (path) => (await stat(path)).size))).reduce(
    (sum, size) => sum + size,
    0,
  );
  const lines = readings.reduce((sum, reading) => sum + reading.lines, 0);
  return [
    {
      counted,
      tellsErrors: true,
      source: {
        name: 'Postgres log',
        said: `${paths.length === 1 ? 'one file' : `${paths.length} files`}, ${count(bytes)} bytes, ${count(lines)} lines (${forms.join(', ') || 'of no known form'}); ${count(counted.events)} messages are of the fix's tables`,
        from: ends.length === 0 ? null : Math.min(...ends),
        to: ends.length === 0 ? null : Math.max(...ends),
        problems: readings.flatMap(({ problems }) => problems),
      },
    },
  ];
}

/** Postgres may write one log in two forms, and a copy may lie beside its file: each line would count twice. */
function assertApart(readings: readonly (LogReading & { readonly path: string })[]): void {
  const spans = readings
    .flatMap(({ path, from, to }) => (from === null || to === null ? [] : [{ path, from, to }]))
    .sort((one, other) => one.from - other.from);
  for (const [index, span] of spans.entries()) {
    const before = spans.slice(0, index).find(({ to }) => to > span.from + rotation);
    if (before === undefined) continue;
    throw new UserError(
      `logs: ${before.path} and ${span.path} tell of the same time, so that each message would count twice. Give one of them.`,
    );
  }
}

/** What was counted at each source → rates an hour before and after, each with its outcome, and what is missing to a proof. */
import type { Monitoring } from '../model.js';
import {
  type Attempts,
  type Before,
  type MonitorResult,
  type RateTotal,
  type SignatureTotal,
  type StatementTiming,
  signatures,
  type WatchedSource,
  type WatchVerdict,
} from '../watched.js';
import { drawChart } from './draw-chart.js';
import type { TallyResult } from './tally-events.js';

/** One source with what was counted there. */
export interface CountedSource {
  readonly source: WatchedSource;
  readonly counted: TallyResult;
  /** Whether an error would be seen there: where it would not, that there is none shows nothing. */
  readonly tellsErrors: boolean;
}

export interface JudgedTime {
  readonly deployedAt: Date;
  readonly since: Date | null;
}

const hour = 3_600_000;
/** Groups and statements that are told. */
const mostGroups = 20;
const mostStatements = 10;
/** A mean of fewer is chance. */
const fewestCalls = 20;
/** Nobody waits for less, in milliseconds. */
const noticeable = 5;

export function judgeTotals(
  sources: readonly CountedSource[],
  rules: Monitoring,
  { deployedAt, since }: JudgedTime,
): { readonly result: MonitorResult; readonly verdict: WatchVerdict } {
  const moment = deployedAt.getTime();
  const logs = sources.filter(({ tellsErrors }) => tellsErrors);
  const spans = logs.map(({ source }) => spanOf(source, moment, since?.getTime() ?? null));
  const each = <T>(work: (one: CountedSource, span: Span) => readonly T[]): T[] =>
    logs.flatMap((one, index) => work(one, spans[index] as Span));
  const groups = each(({ source, counted }) =>
    counted.groups.map((group) => ({ source: source.name, ...group })),
  ).sort((one, other) => other.after - one.after || other.before - one.before);
  const found = {
    signatures: each((one, span) => judgeSignatures(one, span, rules)),
    rates: each((one) => judgeRates(one, rules)),
    slowest: sources.flatMap((one) => judgeTimings(one, rules)),
  };
  const hoursBefore = Math.max(0, ...spans.map(({ before }) => before));
  const hoursAfter = Math.max(0, ...spans.map(({ after }) => after));
  const reasons = findReasons({ logs, all: sources }, rules, hoursAfter);
  const outcomes = [...found.signatures, ...found.rates, ...found.slowest].map(({ outcome }) => outcome);
  return {
    verdict: outcomes.includes('fail') ? 'fail' : reasons.length > 0 ? 'not proven' : 'pass',
    result: {
      deployedAt: deployedAt.toISOString(),
      hoursBefore,
      hoursAfter,
      sources: sources.map(({ source }) => source),
      ...found,
      slowest: found.slowest.slice(0, mostStatements),
      groups: groups.slice(0, mostGroups),
      groupsLeft: Math.max(0, groups.length - mostGroups),
      chart: drawChart(logs, moment),
      reasons,
    },
  };
}

/** Hours that a source tells of. */
interface Span {
  readonly before: number;
  readonly after: number;
}

function spanOf({ from, to }: WatchedSource, deployedAt: number, since: number | null): Span {
  if (from === null || to === null) return { before: 0, after: 0 };
  const begin = Math.max(from, since ?? from);
  return {
    before: Math.max(0, Math.min(to, deployedAt) - begin) / hour,
    after: Math.max(0, to - Math.max(begin, deployedAt)) / hour,
  };
}

function judgeSignatures(
  { source, counted }: CountedSource,
  span: Span,
  rules: Monitoring,
): SignatureTotal[] {
  return signatures.flatMap((signature): SignatureTotal[] => {
    const { before = 0, after = 0 } = counted.errors.get(signature) ?? {};
    if (before === 0 && after === 0 && signature === 'other') return [];
    const limit = rules.errorsPerHour[signature] ?? 0;
    const rate = perHour(after, span.after);
    return [
      {
        source: source.name,
        signature,
        before: perHour(before, span.before),
        after: rate,
        limit,
        outcome: rate.perHour === null ? 'not proven' : isTooMany(after, span.after, limit) ? 'fail' : 'pass',
      },
    ];
  });
}

/** A part of an hour counts as one: a single error in the first minute is not sixty an hour. */
function isTooMany(count: number, hours: number, limit: number): boolean {
  return count / Math.max(1, hours) > limit;
}

function perHour(count: number, hours: number): Before {
  return { count, perHour: hours === 0 ? null : count / hours };
}

/** A rate of which nothing was tried at this source is left out: another may tell of it. */
function judgeRates({ source, counted }: CountedSource, { rates }: Monitoring): RateTotal[] {
  return rates.flatMap(({ title, atLeast: limit }, index): RateTotal[] => {
    const { before, after } = counted.rates[index] ?? { before: none, after: none };
    if (tried(before) + tried(after) === 0) return [];
    const outcome =
      tried(after) === 0 ? 'not proven' : (after.done / tried(after)) * 100 >= limit ? 'pass' : 'fail';
    return [{ source: source.name, title, before, after, limit, outcome }];
  });
}

const none: Attempts = { done: 0, failed: 0 };

export function tried({ done, failed }: Attempts): number {
  return done + failed;
}

/** Those that take longest now, the worst first. */
function judgeTimings({ source, counted }: CountedSource, { slower: limit }: Monitoring): StatementTiming[] {
  return counted.timings
    .filter(({ after }) => after.mean !== null)
    .map(({ statement, before, after }): StatementTiming => {
      const isComparable = before.calls >= fewestCalls && after.calls >= fewestCalls;
      const isSlower =
        limit !== null &&
        isComparable &&
        (after.mean ?? 0) > noticeable &&
        (after.mean ?? 0) > (before.mean ?? 0) * limit;
      return { source: source.name, statement, before, after, limit, outcome: isSlower ? 'fail' : 'pass' };
    })
    .sort(
      (one, other) =>
        Number(other.outcome === 'fail') - Number(one.outcome === 'fail') ||
        (other.after.mean ?? 0) - (one.after.mean ?? 0),
    );
}

/** Only what tells of errors can show that there are none; that the application was used, the database's statistics may say. */
function findReasons(
  { logs, all }: Readonly<Record<'logs' | 'all', readonly CountedSource[]>>,
  rules: Monitoring,
  hoursAfter: number,
): string[] {
  const problems = logs.flatMap(({ source }) => source.problems);
  if (logs.every(({ source }) => source.from === null)) {
    return [...problems, 'Nothing was seen at all.'];
  }
  const events = logs.reduce((sum, { counted }) => sum + counted.events, 0);
  const eventsAfter = all.reduce((sum, { counted }) => sum + counted.eventsAfter, 0);
  const reasons: string[] = [];
  if (hoursAfter === 0) {
    reasons.push('What was seen ends before the deployment. Give logs of the time after it.');
  } else if (hoursAfter * 60 < rules.minutes) {
    reasons.push(
      `Only ${sayMinutes(hoursAfter)} after the deployment were seen; the manifest asks for ${rules.minutes} (monitor.minutes).`,
    );
  }
  if (events === 0) {
    reasons.push(
      "Nothing that was seen names a table or a function of the fix's. Look whether it is the log of this database.",
    );
  } else if (eventsAfter === 0 && hoursAfter > 0) {
    reasons.push(
      'Nothing shows that the application was used after the deployment, so that no error proves nothing. Have statements logged (log_min_duration_statement), or give the database (database-url) or the API (supabase-project).',
    );
  }
  return [...problems, ...reasons];
}

function sayMinutes(hours: number): string {
  return `${(hours * 60).toFixed(1)} minutes`;
}

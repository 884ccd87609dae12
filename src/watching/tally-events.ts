/** What happened to the fix's tables, event by event → how much of it before the deployment and after. Memory does not grow with the log. */
import type { MonitoredRate } from '../model.js';
import type { Attempts, ErrorGroup, Signature, Timing, WatchedEvent } from '../watched.js';

export interface Tally {
  readonly take: (event: WatchedEvent) => void;
  readonly read: () => TallyResult;
}

export interface TallyResult {
  readonly events: number;
  readonly eventsAfter: number;
  readonly errors: ReadonlyMap<Signature, BeforeAndAfter<number>>;
  /** In the order of the rates. */
  readonly rates: readonly BeforeAndAfter<Attempts>[];
  readonly groups: readonly Omit<ErrorGroup, 'source'>[];
  readonly timings: readonly ({ readonly statement: string } & BeforeAndAfter<Timing>)[];
  /** Errors by the minute since 1970. */
  readonly minutes: ReadonlyMap<number, number>;
}

export interface BeforeAndAfter<T> {
  readonly before: T;
  readonly after: T;
}

/** Kinds of error, and statements that are timed: past them nothing new is told apart. */
const mostGroups = 5000;
/** Two months. */
const mostMinutes = 90_000;
const others = 'other statements';

type Counted = Omit<ErrorGroup, 'source' | 'before' | 'after'> & { before: number; after: number };
export interface Sum {
  calls: number;
  milliseconds: number;
}

export function createTally({
  deployedAt,
  since,
  rates,
}: {
  readonly deployedAt: number;
  /** null: from the beginning. */
  readonly since: number | null;
  readonly rates: readonly MonitoredRate[];
}): Tally {
  let events = 0;
  let eventsAfter = 0;
  const errors = new Map<Signature, { before: number; after: number }>();
  const attempts = rates.map(() => ({ before: { done: 0, failed: 0 }, after: { done: 0, failed: 0 } }));
  const groups = new Map<string, Counted>();
  const timings = new Map<string, { before: Sum; after: Sum }>();
  const minutes = new Map<number, number>();

  const takeError = (
    event: WatchedEvent,
    error: NonNullable<WatchedEvent['error']>,
    when: 'before' | 'after',
  ) => {
    const { signature, code, isExpected } = error;
    const { tables, statement } = event;
    const key = JSON.stringify([code, isExpected, tables, statement]);
    const fresh = { signature, code, isExpected, tables, statement, before: 0, after: 0 };
    const found =
      groups.get(key) ??
      room(
        groups,
        JSON.stringify([code, isExpected]),
        { ...fresh, tables: [], statement: others },
        key,
        fresh,
      );
    found[when] += 1;
    if (isExpected) return;
    const total = errors.get(signature) ?? { before: 0, after: 0 };
    total[when] += 1;
    errors.set(signature, total);
    const minute = Math.floor(event.at / 60_000);
    if (minutes.size < mostMinutes || minutes.has(minute))
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
  };

  return {
    take: (event) => {
      if (since !== null && event.at < since) return;
      const when = event.at < deployedAt ? 'before' : 'after';
      events += 1;
      if (when === 'after') eventsAfter += 1;
      if (event.error !== null) takeError(event, event.error, when);
      for (const [index, { of }] of rates.entries()) {
        const isTried = (of.kind === 'insert' ? event.inserts : event.calls).includes(of.name);
        const total = attempts[index]?.[when];
        if (!isTried || total === undefined || event.error?.isExpected) continue;
        if (event.error === null) total.done += 1;
        else total.failed += 1;
      }
      if (event.milliseconds === null) return;
      const fresh = { before: { calls: 0, milliseconds: 0 }, after: { calls: 0, milliseconds: 0 } };
      const timing = timings.get(event.statement) ?? room(timings, others, fresh, event.statement, fresh);
      timing[when].calls += 1;
      timing[when].milliseconds += event.milliseconds;
    },
    read: () => ({
      events,
      eventsAfter,
      errors,
      rates: attempts,
      groups: [...groups.values()],
      timings: [...timings].map(([statement, { before, after }]) => ({
        statement,
        before: meanOf(before),
        after: meanOf(after),
      })),
      minutes,
    }),
  };
}

/** The new one while there is room, then one for all that are left. */
function room<T>(known: Map<string, T>, restKey: string, rest: T, key: string, fresh: T): T {
  const isRoom = known.size < mostGroups;
  const found = isRoom ? fresh : (known.get(restKey) ?? rest);
  known.set(isRoom ? key : restKey, found);
  return found;
}

export function meanOf({ calls, milliseconds }: Sum): Timing {
  return { calls, mean: calls === 0 ? null : milliseconds / calls };
}

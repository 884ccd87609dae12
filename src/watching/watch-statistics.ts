/** The database's statistics at the deployment and now → how much it was used since, and its slowest statements. Errors it does not tell. */
import { count } from '../counted.js';
import { createShapeReader, type KnownNames } from '../logs/statement-shape.js';
import type { StatementCount, Statistics } from '../stages/history/read-statistics.js';
import type { CountedSource } from './judge-totals.js';
import { meanOf, type Sum, type TallyResult } from './tally-events.js';

export interface StatisticsRequest {
  /** null: the deployment has kept none. */
  readonly recorded: Statistics | null;
  readonly now: Statistics;
  readonly statements: readonly StatementCount[] | null;
  readonly names: KnownNames;
  readonly deployedAt: Date;
  readonly at: Date;
}

const name = 'Database statistics';

export function watchStatistics(request: StatisticsRequest): CountedSource {
  const { recorded, now, deployedAt, at } = request;
  const nothing = (said: string): CountedSource => ({
    tellsErrors: false,
    counted: emptyTally,
    source: { name, said, from: null, to: null, problems: [] },
  });
  if (recorded === null)
    return nothing('the deployment has kept none, so there is nothing to compare with. The next one does');
  if (wasReset(recorded, now))
    return nothing('they were reset since the deployment, so there is nothing to compare with');
  const inserted = Object.entries(now.inserts).map(
    ([table, count]) => [table, count - (recorded.inserts[table] ?? 0)] as const,
  );
  const rows = inserted.reduce((sum, [, count]) => sum + count, 0);
  const commits = now.commits - recorded.commits;
  const rollbacks = now.rollbacks - recorded.rollbacks;
  const { timings, said } = timeStatements(request, recorded);
  const tables = inserted.filter(([, count]) => count > 0);
  return {
    tellsErrors: false,
    counted: { ...emptyTally, events: rows, eventsAfter: rows, timings },
    source: {
      name,
      said: [
        tables.length === 0
          ? 'no row was put into the tables'
          : `rows were put into ${tables.map(([table, rows]) => `${table} (${count(rows)})`).join(', ')}`,
        `${count(rollbacks)} of ${count(commits + rollbacks)} transactions of the database were rolled back`,
        said,
      ].join('; '),
      from: deployedAt.getTime(),
      to: at.getTime(),
      problems: [],
    },
  };
}

/** Counters only grow. */
function wasReset(then: Statistics, now: Statistics): boolean {
  return (
    now.commits < then.commits ||
    now.rollbacks < then.rollbacks ||
    Object.entries(then.inserts).some(
      ([table, count]) => table in now.inserts && (now.inserts[table] ?? 0) < count,
    )
  );
}

function timeStatements(
  { statements, names }: StatisticsRequest,
  then: Statistics,
): { readonly timings: TallyResult['timings']; readonly said: string } {
  if (statements === null)
    return { timings: [], said: 'pg_stat_statements is not there, or not to be read by this role' };
  if (then.statements === null)
    return {
      timings: [],
      said: 'pg_stat_statements could not be read at the deployment, so there is nothing to compare with',
    };
  const readShape = createShapeReader(names);
  const sums = new Map<string, { before: Sum; after: Sum }>();
  let forgotten = 0;
  for (const { id, text, calls, milliseconds } of statements) {
    const shape = readShape(text);
    if (shape.names.length === 0) continue;
    const [callsThen, timeThen] = then.statements[id] ?? [0, 0];
    if (calls < callsThen) {
      forgotten += 1;
      continue;
    }
    const sum = sums.get(shape.text) ?? { before: none(), after: none() };
    sum.before.calls += callsThen;
    sum.before.milliseconds += timeThen;
    sum.after.calls += calls - callsThen;
    sum.after.milliseconds += milliseconds - timeThen;
    sums.set(shape.text, sum);
  }
  return {
    timings: [...sums].map(([statement, { before, after }]) => ({
      statement,
      before: meanOf(before),
      after: meanOf(after),
    })),
    said: `pg_stat_statements tells of ${[...sums.values()].filter(({ after }) => after.calls > 0).length} kinds of statement${forgotten > 0 ? `; ${forgotten} were counted anew since` : ''}`,
  };
}

const none = (): Sum => ({ calls: 0, milliseconds: 0 });

const emptyTally: TallyResult = {
  events: 0,
  eventsAfter: 0,
  errors: new Map(),
  rates: [],
  groups: [],
  timings: [],
  minutes: new Map(),
};

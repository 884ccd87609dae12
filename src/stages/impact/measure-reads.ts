/** The application's reads, as people who are in the data → how long each takes, and by which plan. No verdict depends on it. */
import { isDatabaseError, isUnfinished } from '../../database/database-error.js';
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import type { Read, ReadTiming } from '../../model.js';
import type { Person } from '../access/people.js';

const mostPeople = 3;
const runs = 3;
/** Milliseconds of one run: somebody may wait for it. */
export const longest = 1000;
/** After a run that took so long the next would tell nothing new. */
const slow = 200;

export function choosePeople(people: readonly Person[]): readonly Person[] {
  const inData = people.filter(({ kind }) => kind === 'in the data');
  return (inData.length > 0 ? inData : people.filter(({ kind }) => kind === 'actor')).slice(0, mostPeople);
}

/** Within the open transaction, and undone. In the order of the reads. */
export async function measureReads(
  session: Session,
  reads: readonly Read[],
  people: readonly Person[],
): Promise<ReadTiming[]> {
  const timings: ReadTiming[] = [];
  for (const read of reads) {
    const found: ReadTiming[] = [];
    for (const person of people) {
      // Who did not get an answer in time is enough: others wait.
      if (found.at(-1)?.kind === 'unfinished') break;
      found.push(await measure(session, read, person));
    }
    timings.push(join(found));
  }
  return timings;
}

async function measure(session: Session, { file }: Read, person: Person): Promise<ReadTiming> {
  try {
    return await withSavepointRollback(session, async () => {
      await become(session, person);
      const found: Run[] = [];
      while (found.length < runs && (found.at(-1)?.milliseconds ?? 0) < slow) {
        found.push(await runOnce(session, file.text));
      }
      const [first] = found as [Run];
      return { ...first, kind: 'done', milliseconds: median(found.map(({ milliseconds }) => milliseconds)) };
    });
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return isUnfinished(error) ? { kind: 'unfinished' } : { kind: 'refused', sqlstate: error.code ?? '' };
  }
}

async function become(session: Session, { role, settings }: Person): Promise<void> {
  // A read that writes is refused, on a target above all.
  const all = {
    ...settings,
    search_path: '',
    statement_timeout: String(longest),
    transaction_read_only: 'on',
  };
  await session.query(
    'select pg_catalog.set_config(s.name, s.value, true) from unnest($1::text[], $2::text[]) as s (name, value)',
    [Object.keys(all), Object.values(all)],
  );
  await session.query(`set local role ${quoteIdentifier(role)}`);
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly Plans?: readonly PlanNode[];
}

interface Run {
  readonly milliseconds: number;
  readonly rows: number;
  readonly plan: readonly string[];
}

async function runOnce(session: Session, text: string): Promise<Run> {
  const { rows } = await session.query(`explain (analyze, timing off, format json) ${text}`);
  const [{ 'QUERY PLAN': plans } = { 'QUERY PLAN': [] }] = rows as { 'QUERY PLAN': unknown }[];
  const explained = (typeof plans === 'string' ? JSON.parse(plans) : plans) as {
    Plan: PlanNode;
    'Planning Time': number;
    'Execution Time': number;
  }[];
  const [{ Plan: plan, ...times }] = explained as [(typeof explained)[number]];
  return {
    milliseconds: times['Planning Time'] + times['Execution Time'],
    rows: plan['Actual Rows'],
    plan: [...new Set(scansOf(plan))].sort(),
  };
}

/** How each table is come by; policies' own reads are among them. */
function scansOf(node: PlanNode): string[] {
  const { 'Node Type': kind, 'Relation Name': table, 'Index Name': index, Plans: inner = [] } = node;
  const on = table ?? index;
  const own =
    on === undefined
      ? []
      : [`${kind}${index !== undefined && table !== undefined ? ` by ${index}` : ''} on ${on}`];
  return [...own, ...inner.flatMap(scansOf)];
}

/** Of several people: the middle time and the most rows, of whoever got an answer. */
function join(found: readonly ReadTiming[]): ReadTiming {
  const done = found.flatMap((one) => (one.kind === 'done' ? [one] : []));
  const [first] = done;
  if (first === undefined) return found[0] ?? { kind: 'untried' };
  return {
    ...first,
    milliseconds: median(done.map(({ milliseconds }) => milliseconds)),
    rows: Math.max(...done.map(({ rows }) => rows)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

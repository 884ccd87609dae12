/** What the statistics of a database show of the time since its deployment; errors they do not show. */
import { describe, expect, it } from '@jest/globals';
import { judgeTotals } from '../../../src/watching/judge-totals.js';
import { type StatisticsRequest, watchStatistics } from '../../../src/watching/watch-statistics.js';

const deployedAt = new Date('2026-11-26T12:00:00Z');
const at = new Date('2026-11-26T20:00:00Z');
const select = 'select body from public.notes where author = $1';

const request = (overrides: Partial<StatisticsRequest> = {}): StatisticsRequest => ({
  recorded: { commits: 100, rollbacks: 1, inserts: { 'public.notes': 7 }, statements: { 1: [40, 40] } },
  now: { commits: 1100, rollbacks: 4, inserts: { 'public.notes': 19 }, statements: null },
  statements: [
    { id: '1', text: select, calls: 90, milliseconds: 2040 },
    { id: '2', text: "comment on table public.notes is 'Anna Muster'", calls: 1, milliseconds: 1 },
    { id: '3', text: 'select * from public.notes_of_others', calls: 9, milliseconds: 9 },
  ],
  names: { tables: ['public.notes'], functions: [] },
  deployedAt,
  at,
  ...overrides,
});

const rules = { errorsPerHour: {}, slower: 3, expected: [], rates: [], minutes: 60 };
const judge = (given: StatisticsRequest) =>
  judgeTotals([watchStatistics(given)], rules, { deployedAt, since: null });

describe('statistics of a database', () => {
  it('tell what was done since, and how long it took before and after, without a value', () => {
    const { source, counted } = watchStatistics(request());
    expect(source.said).toBe(
      'rows were put into public.notes (12); 3 of 1,003 transactions of the database were rolled back; pg_stat_statements tells of 2 kinds of statement',
    );
    expect(counted.eventsAfter).toBe(12);
    expect(counted.timings[0]).toMatchObject({
      before: { calls: 40, mean: 1 },
      after: { calls: 50, mean: 40 },
    });
    expect(JSON.stringify(counted.timings)).not.toContain('Muster');
  });

  it('fail a statement that became slower than the manifest lets it, and prove nothing of errors', () => {
    const { result, verdict } = judge(request());
    expect(verdict).toBe('fail');
    expect(result.slowest[0]).toMatchObject({ source: 'Database statistics', outcome: 'fail' });
    expect(result.signatures).toEqual([]);
    const same = request({ statements: [{ id: '1', text: select, calls: 90, milliseconds: 90 }] });
    expect(judge(same)).toMatchObject({
      verdict: 'not proven',
      result: { reasons: ['Nothing was seen at all.'] },
    });
  });

  it.each<[string, Partial<StatisticsRequest>, string]>([
    ['kept none', { recorded: null }, 'the deployment has kept none'],
    [
      'begin anew',
      { now: { commits: 5, rollbacks: 0, inserts: {}, statements: null } },
      'they were reset since the deployment',
    ],
    ['lack pg_stat_statements', { statements: null }, 'pg_stat_statements is not there'],
    [
      'lacked it then',
      { recorded: { commits: 0, rollbacks: 0, inserts: {}, statements: null } },
      'pg_stat_statements could not be read at the deployment',
    ],
  ])('say so where they %s', (_what, overrides, said) => {
    const { source, counted } = watchStatistics(request(overrides));
    expect(source.said).toContain(said);
    expect(counted.timings).toEqual([]);
  });
});

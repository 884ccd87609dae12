import { describe, expect, it } from '@jest/globals';
import type { Report } from '../../../src/model.js';
import { sayAnswer } from '../../../src/report/answer.js';
import { mergeReports } from '../../../src/report/merge-reports.js';
import { commentBudget, renderComment } from '../../../src/report/render-comment.js';
import { aReport } from '../../support/build-report.js';
import { buildChecks, buildSubject, failingCheck } from '../../support/build-results.js';
import { expectGolden } from '../../support/golden.js';

interface PartOverrides {
  readonly version?: string;
  readonly shard?: Report['shard'];
  readonly states?: readonly string[];
  readonly failing?: boolean;
  readonly overrides?: Partial<Report>;
}

function aPart({
  version = '17.10',
  shard = null,
  states = ['01_empty'],
  failing = false,
  overrides,
}: PartOverrides = {}): Report {
  const checks = buildChecks({
    3: { after: failingCheck({ object: 'public.chat_rooms', expected: '2 policies', actual: '3 policies' }) },
  });
  const subjects = states.map((name) =>
    failing ? buildSubject({ name, outcome: 'fail', checks }) : buildSubject({ name }),
  );
  return { ...aReport({ postgres: { version, source: 'embedded' }, shard, subjects }), ...overrides };
}

function merge(
  parts: readonly Report[],
  expectedReports: number | null = null,
  unmatched: readonly string[] = [],
): Report {
  const reports = parts.map((report, index) => ({ path: `reports/${index + 1}.json`, report }));
  return mergeReports({ reports, expectedReports, unmatched });
}

const shards = (version: string, ...indexes: number[]): Report[] =>
  indexes.map((index) => aPart({ version, shard: { index, count: 4 }, states: [`0${index}_state`] }));

describe('mergeReports', () => {
  it('gives one report with the states of all, in the order of the bundle', () => {
    const merged = merge(shards('17.10', 3, 1, 4, 2), 4);
    expect(merged.verdict).toBe('pass');
    expect(merged.subjects.map(({ name }) => name)).toEqual(['01_state', '02_state', '03_state', '04_state']);
    expect(merged.tallies.subjects).toEqual({ planned: 4, executed: 4, passed: 4 });
    expect(merged.tallies.checks).toEqual({ planned: 32, executed: 32, passed: 32 });
    expect(merged.shard).toBeNull();
  });

  it('says how many states of the bundle all parts together were given', () => {
    const named = (states: readonly string[], ofBundle: number) =>
      aPart({ states, overrides: { states: { chosen: states.length, ofBundle } } });
    const parts = [named(['01_state', '02_state'], 4), named(['03_state', '04_state'], 4)];
    expect(sayAnswer(merge(parts))).toBe('PASS, safe to merge');
    expect(sayAnswer(merge(parts.slice(0, 1)))).toBe('PASS, but only on 2 of 4 databases');
    const dealt = { states: ['01_state', '02_state'], subjects: 2, checks: 16, scenarios: 4 };
    const dealtOut = [1, 2].map((index) =>
      aPart({
        shard: { index, count: 2, dealt },
        states: [`0${index}_state`],
        overrides: { states: { chosen: 2, ofBundle: 4 } },
      }),
    );
    expect(sayAnswer(merge(dealtOut))).toBe('PASS, but only on 2 of 4 databases');
    expect(merge([...parts, aPart({ states: ['05_state'] })]).states).toBeUndefined();
  });

  it('names what a command has shown once, however many parts had read it', () => {
    const commands = [
      {
        command: 'npm run realtime',
        outcome: 'pass',
        shown: 'a message arrived',
        bundle: 'b',
        at: '2026-11-27T05:37:03Z',
      },
    ] as const;
    const parts = shards('17.10', 1, 2).map((part) => ({ ...part, commands }));
    expect(merge(parts).commands).toEqual(commands);
  });

  it('tells the same state on two majors apart, and names both servers', () => {
    const merged = merge([aPart({ version: '17.10' }), aPart({ version: '14.23' })]);
    expect(merged.subjects.map(({ name }) => name)).toEqual([
      'Postgres 14: 01_empty',
      'Postgres 17: 01_empty',
    ]);
    expect(merged.postgres).toEqual([
      { version: '14.23', source: 'embedded' },
      { version: '17.10', source: 'embedded' },
    ]);
  });

  it('reads, as a comment, as the golden file does', () => {
    const parts = ['14.23', '17.10'].flatMap((version) => shards(version, 1, 2, 3, 4));
    const failing = aPart({
      version: '18.4',
      shard: { index: 1, count: 4 },
      states: ['01_state'],
      failing: true,
    });
    const merged = merge([...parts, failing, ...shards('18.4', 2, 4)], 12);
    expectGolden('merged.md', renderComment(merged, { context: null, budget: commentBudget }));
  });

  it('leaves the names alone where there is one major', () => {
    expect(merge(shards('17.10', 1, 2, 3, 4)).subjects[0]?.name).toBe('01_state');
  });

  it('fails when one state of one report failed', () => {
    const merged = merge([aPart({ version: '14.23' }), aPart({ version: '17.10', failing: true })]);
    expect(merged).toMatchObject({ verdict: 'fail', reasons: [] });
  });

  it('fails, and names the shards of a major that are missing', () => {
    const merged = merge([...shards('14.23', 2), ...shards('17.10', 1, 2, 3, 4), ...shards('18.4', 1, 2, 4)]);
    expect(merged.verdict).toBe('fail');
    expect(merged.reasons).toEqual([
      'Postgres 14: shards 1, 3–4 of 4 are missing. Run their jobs again.',
      'Postgres 18: shard 3 of 4 is missing. Run its job again.',
    ]);
  });

  it('fails where no shard has what the bundle names, once for each major, and not while a shard is missing', () => {
    const named = [
      { key: 'public.chat_messages', sentence: 'bundle.yml: no state has it.', isOfAccess: false },
      {
        key: 'public.misspelt',
        sentence: 'bundle.yml: no state has a table public.misspelt.',
        isOfAccess: false,
      },
      { key: 'access/01_own.sql', sentence: 'access/01_own.sql: speaks of no row.', isOfAccess: true },
    ];
    const dealt = { named, states: ['01_state', '02_state'], subjects: 2, checks: 16, scenarios: 4 };
    const parts = ['14.23', '17.10'].flatMap((version) =>
      [1, 2].map((index) =>
        aPart({ version, shard: { index, count: 2, dealt }, states: [`0${index}_state`] }),
      ),
    );
    const reasons = [
      'bundle.yml: no state has a table public.misspelt.',
      'access/01_own.sql: speaks of no row.',
    ];
    expect(merge(parts)).toMatchObject({
      verdict: 'fail',
      reasons: ['Postgres 14', 'Postgres 17'].flatMap((major) =>
        reasons.map((reason) => `${major}: ${reason}`),
      ),
    });
    expect(merge(parts.slice(0, 3)).reasons.slice(0, 3)).toEqual([
      'Postgres 17: shard 2 of 2 is missing. Not rehearsed: 02_state. Run its job again.',
      ...reasons.map((reason) => `Postgres 14: ${reason}`),
    ]);
  });

  it('names the states of a shard that is missing, and counts them as planned', () => {
    const states = ['01_a', '02_b', '03_c', '04_d'];
    const dealt = { states, subjects: 4, checks: 32, scenarios: 8 };
    const merged = merge(
      [1, 3].map((index) => aPart({ shard: { index, count: 4, dealt }, states: [states[index - 1] ?? ''] })),
    );
    expect(merged).toMatchObject({
      verdict: 'fail',
      reasons: [
        'Postgres 17: shards 2, 4 of 4 are missing. Not rehearsed: 02_b and 04_d. Run their jobs again.',
        'Only 2 of 4 planned databases were run.',
        'Only 16 of 32 planned checks were run.',
        'Only 4 of 8 planned scenarios were run.',
      ],
      tallies: { subjects: { planned: 4, executed: 2, passed: 2 } },
    });
  });

  it.each([
    ['too few', 3, 'There are 2 reports, not 3 as expected.'],
    ['too many', 1, 'There are 2 reports, not 1 as expected.'],
  ])('fails when there are %s reports', (_, expected, reason) => {
    const merged = merge([aPart({ version: '14.23' }), aPart({ version: '17.10' })], expected);
    expect(merged).toMatchObject({ verdict: 'fail', reasons: [reason] });
  });

  it('fails when a glob matched no report', () => {
    const merged = merge([aPart()], null, ['pg14/*.json']);
    expect(merged).toMatchObject({ verdict: 'fail', reasons: ['No report matches pg14/*.json.'] });
  });

  it('counts a copy of a report once, also against the expected number', () => {
    const merged = merge([aPart(), aPart()], 1);
    expect(merged.verdict).toBe('pass');
    expect(merged.tallies.subjects.planned).toBe(1);
    expect(merge([aPart(), aPart()], 2).verdict).toBe('fail');
  });

  it('says of which report a reason is', () => {
    const empty = aPart({ version: '14.23', shard: { index: 1, count: 1 }, states: [] });
    expect(merge([empty, aPart()]).reasons).toContain(
      'Postgres 14, shard 1 of 1: No database was rehearsed.',
    );
  });

  it('adds up what was tried on an empty database, and names once what passed there', () => {
    const controls = { planned: 3, executed: 3, blind: ['Check 4: More'] };
    const parts = ['17.10', '14.23'].map((version) => ({
      ...aReport({ postgres: { version, source: 'embedded' }, controls }),
      shard: null,
    }));
    expect(merge(parts)).toMatchObject({
      verdict: 'fail',
      controls: { planned: 6, executed: 6, blind: ['Check 4: More'] },
      reasons: [expect.stringContaining('Check 4: More'), expect.stringContaining('Check 4: More')],
    });
  });

  it('never overrules a report that says fail', () => {
    const merged = merge([aPart({ overrides: { verdict: 'fail' } })]);
    expect(merged).toMatchObject({ verdict: 'fail', reasons: ['The verdict is fail, for no reason given.'] });
  });

  it('derives the verdict from the states, whatever a report claims', () => {
    const claimed = aPart({ failing: true, overrides: { verdict: 'pass' } });
    expect(merge([claimed, aPart({ version: '14.23' })]).verdict).toBe('fail');
  });

  it('fails when a report ran less than it planned', () => {
    const part = aPart();
    const tallies = { ...part.tallies, subjects: { planned: 2, executed: 2, passed: 2 } };
    expect(merge([{ ...part, tallies }])).toMatchObject({
      verdict: 'fail',
      reasons: ['Only 1 of 2 planned databases was run.'],
    });
  });

  it('spans from the first begin to the last end', () => {
    const early = aPart({ overrides: { startedAt: '2026-11-22T09:30:00.000Z', milliseconds: 5_000 } });
    const late = aPart({
      version: '14.23',
      overrides: { startedAt: '2026-11-22T09:30:04.000Z', milliseconds: 3_000 },
    });
    expect(merge([late, early])).toMatchObject({
      startedAt: '2026-11-22T09:30:00.000Z',
      milliseconds: 7_000,
    });
  });

  it('refuses everything that cannot be joined, at once', () => {
    const parts = [
      aPart(),
      aPart({ overrides: { bundle: { title: 'Another', folder: '/b', digest: 'd' } } }),
      aPart({ overrides: { sections: { numbers: [5], isWholeFix: false, added: [] } } }),
      aPart({ overrides: { settings: [{ name: 'limit', value: '5', isGiven: true }] } }),
      aPart({ overrides: { command: 'deploy' } }),
      merge([aPart({ version: '14.23' }), aPart()]),
    ];
    expect(() => merge(parts)).toThrow(
      [
        'reports/2.json: is of another fix than reports/1.json. Merge reports of one bundle at one commit.',
        'reports/3.json: is of other sections than reports/1.json. Merge reports of the same sections.',
        'reports/4.json: was run with other settings than reports/1.json. Merge reports of the same settings.',
        'reports/5.json: is the report of a deploy. Only rehearsals are merged; take it out.',
        'reports/6.json: was merged already. Give the reports that it was merged from.',
      ].join('\n'),
    );
  });

  it('refuses two different findings about one state of one major', () => {
    const parts = [aPart(), aPart({ failing: true })];
    expect(() => merge(parts)).toThrow(
      'reports/1.json and reports/2.json both report 01_empty on Postgres 17. Give one report for each state and major.',
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import type { CheckComparison, SubjectResult } from '../../../src/model.js';
import { collectFailures, groupFailures } from '../../../src/report/failures.js';
import { aReport, buildReportInput } from '../../support/build-report.js';
import {
  buildAccess,
  buildApply,
  buildCheckResult,
  buildChecks,
  buildComparison,
  buildPreservation,
  buildProblem,
  buildRefusedSubject,
  buildRerun,
  buildScenario,
  buildScenarios,
  buildStep,
  buildStoppedSubject,
  buildSubject,
  failingCheck,
  skipped,
} from '../../support/build-results.js';

const failed = (overrides: Partial<SubjectResult>) => buildSubject({ outcome: 'fail', ...overrides });
const failuresOf = (subject: SubjectResult) => collectFailures(aReport({ subjects: [subject] }));

describe('collectFailures', () => {
  it('finds none where all is well', () => {
    expect(collectFailures(aReport())).toEqual([]);
  });

  it('says beside a failure of access which declared difference does not cover it', () => {
    const declared = { verb: 'read', outcome: 'gained', when: null, columns: ['id'] } as const;
    const access = buildAccess({
      outcome: 'fail',
      idle: ['public.notes', 'public.others'].map((table) => ({ table, ...declared })),
      reasons: ['web may read title of public.notes, which it could not'],
    });
    expect(failuresOf(failed({ access }))).toEqual([
      expect.objectContaining({
        items: [
          'nothing falls under what access.differences declares: gained read on public.notes (columns: id)',
        ],
      }),
    ]);
  });

  it('says how values are written where normalise gives another', () => {
    const adviceOn = (column: string) => {
      const lostRows = [
        { table: 'public.sales', facts: 'id 1', word: 'changed' as const, columns: [column] },
      ];
      const [kind] = buildPreservation().kinds;
      if (kind === undefined) throw new Error('no kind');
      const kinds = [{ ...kind, outcome: 'fail' as const, lost: 1, lostRows }];
      const preservation = buildPreservation({ outcome: 'fail', kinds });
      return failuresOf(failed({ preservation })).map(({ advice }) => advice);
    };
    const [said] = adviceOn('sold_at (fact sold_at: normalise gives another value)');
    expect(said).toContain('a time as 2025-03-25 07:17:00+00');
    expect(adviceOn('sold_at')[0]).not.toContain('2025-03-25');
  });

  it('says what to declare of tables and columns, as the manifest has them', () => {
    const shape = (word: 'appeared' | 'gone', table: string, ...columns: string[]) =>
      ({ word, table, key: null, columns }) as const;
    const comparison = buildComparison({
      outcome: 'fail',
      differences: [
        shape('gone', 'public.contacts', 'fax', 'Old Score'),
        shape('gone', 'public.Import Tmp'),
        shape('appeared', 'public.log'),
      ],
    });
    const preservation = buildPreservation({ outcome: 'fail', comparison });
    expect(failuresOf(failed({ preservation })).map(({ advice }) => advice)).toEqual([
      'Leave it as it was; where it is meant, declare adds: ["public.log"], drops: ["public.contacts.fax", "public.contacts.Old Score", "public.\\"Import Tmp\\""] in bundle.yml.',
    ]);
  });

  it('names the section that stopped the fix, and where', () => {
    const problem = buildProblem();
    expect(failuresOf(buildStoppedSubject(problem))).toEqual([
      expect.objectContaining({
        title: 'Section 8: Create policies',
        path: problem.path,
        line: 41,
        problem,
        reason: null,
      }),
    ]);
  });

  it('says how often a lock was waited for', () => {
    const stopped = buildStoppedSubject(buildProblem({ sqlstate: '55P03' }));
    const apply = { ...stopped.apply, attempts: 4 } as SubjectResult['apply'];
    expect(failuresOf({ ...stopped, apply })[0]?.reason).toBe('Given up after 4 attempts.');
  });

  it('names the assertions of a check that failed, and only those', () => {
    const after = failingCheck({ object: 'public.x', expected: 'a', actual: 'b' });
    const right = buildCheckResult().assertions;
    const checks = buildChecks({ 1: { after: { ...after, assertions: [...right, ...after.assertions] } } });
    expect(failuresOf(failed({ checks }))).toEqual([
      expect.objectContaining({
        title: 'Check 1: Foreign Key',
        path: 'checks/01_foreign_key.sql',
        mismatches: [{ object: 'public.x', expected: 'a', actual: 'b' }],
      }),
    ]);
  });

  it('says what to do about a check: a section lacks, or breaks what was right; and where it looked at nothing', () => {
    const { assertions } = buildCheckResult();
    const after = failingCheck();
    const adviceOn = (check: Partial<CheckComparison>) =>
      failuresOf(failed({ checks: buildChecks({ 1: check }) }))[0]?.advice;
    expect(adviceOn({ before: after, after })).toMatch(
      /^Let a section bring about what is expected; .* the check\.$/,
    );
    expect(adviceOn({ before: { ...after, outcome: 'pass', assertions }, after })).toMatch(
      /^It passed before the fix/,
    );
    const nothing = { ...after, assertions: [], reason: 'it returned no row, so it looked at nothing' };
    expect(adviceOn({ after: nothing })).toMatch(/left join/);
    const refused = { ...nothing, reason: 'the query raised an error', problem: buildProblem() };
    expect(adviceOn({ after: refused })).toBeNull();
  });

  it.each([
    ['refused', '1 row changed', /^Narrow what lets alice do it/],
    [
      'refused',
      'nothing to refuse: the deployer finds and changes nothing either',
      /^Let scenarios\/setup.sql/,
    ],
    ['1 row', '0 rows', /^Correct what decides it for alice/],
  ])('says what to do where a step expects %s and gets %s', (expected, actual, advice) => {
    const step = buildStep({ outcome: 'fail', expected, actual });
    const scenarios = buildScenarios({
      outcome: 'fail',
      scenarios: [buildScenario({ outcome: 'fail', steps: [step] })],
    });
    expect(failuresOf(failed({ scenarios }))[0]?.advice).toMatch(advice);
    const said = { ...step, problem: buildProblem() };
    const refused = buildScenarios({
      outcome: 'fail',
      scenarios: [buildScenario({ outcome: 'fail', steps: [said] })],
    });
    expect(failuresOf(failed({ scenarios: refused }))[0]?.advice).toBeNull();
  });

  it('names the step of a scenario, its line, its actor and the status a client would see', () => {
    const step = buildStep({
      outcome: 'fail',
      line: 9,
      expected: '1 row',
      actual: 'SQLSTATE 42501',
      httpStatus: 403,
    });
    const scenarios = buildScenarios({
      outcome: 'fail',
      scenarios: [buildScenario({ outcome: 'fail', steps: [buildStep(), step] })],
    });
    expect(failuresOf(failed({ scenarios }))).toEqual([
      expect.objectContaining({
        path: 'scenarios/01_create_a_group.sql',
        line: 9,
        reason: `Step “${step.title}”, as alice (the data API would answer HTTP 403).`,
        mismatches: [{ object: step.title, expected: '1 row', actual: 'SQLSTATE 42501' }],
      }),
    ]);
  });

  it('tells why a scenario failed beside its steps', () => {
    const scenarios = buildScenarios({
      outcome: 'fail',
      scenarios: [
        buildScenario({ outcome: 'fail', steps: [], reason: 'authenticated bypasses row level security' }),
      ],
    });
    expect(failuresOf(failed({ scenarios }))[0]?.reason).toBe('authenticated bypasses row level security');
  });

  it('names lost rows, and a quarantine that holds too many', () => {
    const { kinds } = buildPreservation();
    const preservation = buildPreservation({
      outcome: 'fail',
      kinds: kinds.map((kind) =>
        kind.name === 'messages'
          ? {
              ...kind,
              outcome: 'fail',
              lost: 2,
              lostRows: [
                { table: 'public.chat_messages', facts: 'text “hi”', word: 'gone' as const, columns: [] },
              ],
            }
          : kind,
      ),
      quarantine: { expected: 6, actual: 7, reasons: [{ reason: 'no room', rows: 7 }] },
    });
    expect(failuresOf(failed({ preservation }))).toEqual([
      expect.objectContaining({
        reason: '2 of 1,034 messages are gone.',
        items: ['public.chat_messages: text “hi”', '… and 1 more'],
      }),
      expect.objectContaining({
        mismatches: [{ object: 'quarantined rows', expected: '6', actual: '7' }],
        items: ['7 rows: no room'],
      }),
    ]);
  });

  it('says at once everything that has to be declared', () => {
    const object = (word: 'gone' | 'changed' | 'appeared', table: string) => ({
      word,
      table,
      key: null,
      columns: [],
    });
    const numbered = Array.from({ length: 11 }, (_, n) => object('changed', `index i${n} on public.t`));
    const advise = (differences: readonly ReturnType<typeof object>[]) => {
      const comparison = buildComparison({ outcome: 'fail', differences });
      const kinds = buildPreservation().kinds;
      return failuresOf(
        failed({ preservation: buildPreservation({ outcome: 'fail', comparison, kinds }) }),
      ).at(-1)?.advice;
    };
    expect(
      advise([
        object('changed', 'type of status on public.t'),
        object('gone', 'trigger a on public.t'),
        object('appeared', 'index b on public.t'),
      ]),
    ).toBe(
      'Leave it as it was; where it is meant, declare it in bundle.yml: drops: ["trigger a on public.t"], and changes: ["type of status on public.t", "index b on public.t"].',
    );
    expect(advise([...numbered, ...numbered, object('changed', 'x a'), object('changed', 'x b')])).toMatch(
      /"index i10 on public\.t", "x a", and 1 more; a \* stands for any characters\]\.$/,
    );
  });

  it('names what a second run changed', () => {
    const rerun = buildRerun({
      outcome: 'fail',
      changedObjects: ['policy a'],
      changedTables: ['public.t'],
      rowsWritten: 3,
    });
    expect(failuresOf(failed({ rerun }))).toEqual([
      expect.objectContaining({
        reason: 'A second run must change nothing. It wrote 3 rows.',
        items: ['changed: policy a', 'other rows in public.t'],
      }),
    ]);
  });

  it('tells of a fix that did not refuse, and not of the checks that could not be run', () => {
    const refusal = {
      outcome: 'fail',
      expected: 'SQLSTATE 42501',
      actual: 'the fix was applied',
      changed: ['table x'],
    } as const;
    const failures = failuresOf(buildRefusedSubject({ outcome: 'fail', refusal }));
    expect(failures.map(({ title, items }) => [title, items])).toEqual([
      ['The fix must refuse this database', ['table x']],
    ]);
  });

  it('tells of a state that did not load', () => {
    const subject = failed({
      problem: buildProblem({ path: 'states/04_recursive_policies.sql' }),
      preflight: skipped(),
      checks: [],
      apply: skipped(),
      scenarios: skipped(),
      preservation: skipped(),
      rerun: skipped(),
    });
    expect(failuresOf(subject)).toEqual([
      expect.objectContaining({
        title: 'The database could not be rehearsed',
        path: 'states/04_recursive_policies.sql',
      }),
    ]);
  });

  it('tells what a fix that refused asks for, each decision whole', () => {
    const told = (message: string) => {
      const problem = buildProblem({ path: 'sections/01_tables.sql', line: 12, message, hint: 'Say which.' });
      const apply = { ...buildApply(), outcome: 'fail' as const, isRefusal: true, problem };
      const [first] = failuresOf(failed({ apply }));
      return [first?.problem, first?.path, first?.line, first?.asked];
    };
    const at = [null, 'sections/01_tables.sql', 12];
    expect(told('2 to be decided first: this, by a.f(b); or that (a.f(b)); another (c)')).toEqual([
      ...at,
      {
        what: '2 to be decided first',
        decisions: ['this, by a.f(b); or that (a.f(b))', 'another (c)'],
        how: 'Say which.',
      },
    ]);
    expect(told('two rooms have the key a: b')).toEqual([
      ...at,
      { what: '', decisions: ['two rooms have the key a: b'], how: 'Say which.' },
    ]);
  });

  it('never leaves a failed database without an explanation', () => {
    expect(failuresOf(failed({ rerun: skipped('the connection was lost') }))).toEqual([
      expect.objectContaining({ title: 'Applied again', reason: 'Not run: the connection was lost' }),
    ]);
    expect(failuresOf(failed({ checks: [] }))).toEqual([
      expect.objectContaining({ title: 'Checks', reason: 'There was no check to run.' }),
    ]);
  });

  it('does not blame a part of the fix for what failed before too', () => {
    const choice = { sections: buildReportInput().choice.sections.slice(0, 3), added: [] };
    const checks = buildChecks({
      3: { after: failingCheck() },
      4: { before: buildCheckResult(), after: failingCheck() },
    });
    const report = aReport({ choice, subjects: [failed({ checks })] });
    expect(collectFailures(report).map(({ title }) => title)).toEqual(['Check 4: Policy Count']);
  });

  it('tells once what failed alike on several databases', () => {
    const checks = buildChecks({ 2: { after: failingCheck() } });
    const subjects = ['a', 'b', 'c'].map((name) => failed({ name, checks }));
    expect(collectFailures(aReport({ subjects }))).toEqual([
      expect.objectContaining({ subjects: ['a', 'b', 'c'] }),
    ]);
  });
});

describe('groupFailures', () => {
  it('puts together what failed differently under one title', () => {
    const subjects = ['a', 'b'].map((name) =>
      failed({ name, checks: buildChecks({ 2: { after: failingCheck({ actual: name }) } }) }),
    );
    const [group] = groupFailures(aReport({ subjects }));
    expect(group).toMatchObject({ title: 'Check 2: Primary Key', subjects: ['a', 'b'] });
    expect(group?.variants).toHaveLength(2);
  });
});

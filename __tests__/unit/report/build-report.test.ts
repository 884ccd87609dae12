import { describe, expect, it } from '@jest/globals';
import { aReport, buildReportInput } from '../../support/build-report.js';
import {
  buildProblem,
  buildRefusedSubject,
  buildStoppedSubject,
  buildSubject,
  skipped,
} from '../../support/build-results.js';

describe('buildReport', () => {
  it('passes when every database passed, and counts what was done beside what was planned', () => {
    const report = aReport({ subjects: [buildSubject(), buildRefusedSubject()] });
    expect(report).toMatchObject({
      verdict: 'pass',
      reasons: [],
      tallies: {
        subjects: { planned: 2, executed: 2, passed: 2 },
        checks: { planned: 8, executed: 8, passed: 8 },
        scenarios: { planned: 2, executed: 2, passed: 2 },
      },
    });
  });

  it('fails when one database failed, and looks for no other reason', () => {
    const report = aReport({ subjects: [buildSubject(), buildStoppedSubject(buildProblem())] });
    expect(report).toMatchObject({
      verdict: 'fail',
      reasons: [],
      tallies: { checks: { planned: 16, executed: 8 } },
    });
  });

  it('fails when no state was rehearsed', () => {
    expect(aReport({ subjects: [] })).toMatchObject({
      verdict: 'fail',
      reasons: ['No database was rehearsed.'],
    });
  });

  it('fails when there was no check or no scenario to run', () => {
    const plan = { subjects: 1, checks: 0, scenarios: 0 };
    const report = aReport({ plan, subjects: [buildSubject({ checks: [], scenarios: skipped() })] });
    expect(report.verdict).toBe('fail');
    expect(report.reasons).toEqual(['There was no check to run.', 'There was no scenario to run.']);
  });

  it('fails when a check or a scenario passes on an empty database, and when one was not tried there', () => {
    const report = aReport({
      controls: {
        planned: 26,
        executed: 25,
        blind: ['Check 4: More'],
        endedBy: 'checks/05_x.sql:2 (57P01 over)',
      },
    });
    expect(report).toMatchObject({
      verdict: 'fail',
      reasons: [
        'Check 4: More: passes on a database that holds nothing but the platform, so it looked at nothing. Begin with what must be there, and let what is absent fail.',
        'Only 25 of 26 controls were run on an empty database: checks/05_x.sql:2 (57P01 over) ended the session there.',
      ],
      controls: {
        planned: 26,
        executed: 25,
        blind: ['Check 4: More'],
        endedBy: 'checks/05_x.sql:2 (57P01 over)',
      },
    });
  });

  it('fails when less was run than planned and nothing explains it', () => {
    const report = aReport({ plan: { subjects: 3, checks: 24, scenarios: 6 } });
    expect(report.verdict).toBe('fail');
    expect(report.reasons).toEqual([
      'Only 1 of 3 planned databases was run.',
      'Only 8 of 24 planned checks were run.',
      'Only 2 of 6 planned scenarios were run.',
    ]);
  });

  it('asks for no check where the fix has only to refuse', () => {
    expect(aReport({ subjects: [buildRefusedSubject()] }).verdict).toBe('pass');
  });

  it.each([
    ['a deployment', { command: 'deploy' as const }],
    [
      'a part of the fix',
      { choice: { sections: buildReportInput().choice.sections.slice(0, 2), added: [] } },
    ],
  ])('asks for no scenario of %s', (_, overrides) => {
    const report = aReport({
      ...overrides,
      plan: { subjects: 1, checks: 8, scenarios: 0 },
      subjects: [buildSubject({ scenarios: skipped('not for this run') })],
    });
    expect(report.verdict).toBe('pass');
  });
});

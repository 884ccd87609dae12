import { describe, expect, it } from '@jest/globals';
import { isCheckPassed, judgeSubject, type Unjudged } from '../../../src/stages/judge-subject.js';
import {
  buildApply,
  buildCheckResult,
  buildChecks,
  buildPreservation,
  buildProblem,
  buildSubject,
  failingCheck,
  skipped,
  skippedChecks,
} from '../../support/build-results.js';

const good: Unjudged = buildSubject();

describe('judgeSubject', () => {
  it('passes where all is well', () => {
    expect(judgeSubject(good, true)).toBe('pass');
  });

  it.each<[string, Partial<Unjudged>]>([
    ['a problem outside the stages', { problem: buildProblem() }],
    ['a preflight that was not reached', { preflight: skipped() }],
    ['a fix that failed', { apply: buildApply({ outcome: 'fail' }) }],
    ['a fix that was not applied', { apply: skipped() }],
    ['a check that fails', { checks: buildChecks({ 3: { after: failingCheck() } }) }],
    ['checks that were not run', { checks: skippedChecks() }],
    ['no check at all', { checks: [] }],
    ['a scenario that fails', { scenarios: { outcome: 'fail', scenarios: [] } }],
    ['a lost row', { preservation: buildPreservation({ outcome: 'fail' }) }],
    ['a second run that was not run', { rerun: skipped() }],
  ])('fails for %s', (_what, overrides) => {
    expect(judgeSubject({ ...good, ...overrides }, true)).toBe('fail');
  });

  it('passes a target, on which no scenario is tried', () => {
    expect(judgeSubject({ ...good, scenarios: skipped() }, true)).toBe('pass');
  });

  it.each(['pass', 'fail'] as const)('judges a state to be refused by its refusal alone: %s', (outcome) => {
    const refusal = { outcome, expected: 'refused with 42501', actual: '', changed: [] };
    expect(judgeSubject({ ...good, refusal, apply: buildApply({ outcome: 'fail' }) }, true)).toBe(outcome);
  });
});

describe('isCheckPassed', () => {
  const check = buildChecks()[0];
  if (check === undefined) throw new Error('buildChecks gives eight');
  const neverRight = { ...check, before: failingCheck(), after: failingCheck() };
  const brokenByUs = { ...check, before: buildCheckResult(), after: failingCheck() };

  it('blames the whole fix for what it left broken', () => {
    expect(isCheckPassed(neverRight, true)).toBe(false);
  });

  it('blames a part of the fix only for what it broke', () => {
    expect(isCheckPassed(neverRight, false)).toBe(true);
    expect(isCheckPassed(brokenByUs, false)).toBe(false);
  });

  it('takes a check that was not run for none that passed', () => {
    expect(isCheckPassed({ ...check, after: skipped() }, false)).toBe(false);
  });
});

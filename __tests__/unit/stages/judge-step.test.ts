import { describe, expect, it } from '@jest/globals';
import type { Actor, Expectation } from '../../../src/model.js';
import {
  type Control,
  describeExpectation,
  httpStatusOf,
  judgeStep,
  type StepOutcome,
} from '../../../src/stages/judge-step.js';
import { buildProblem } from '../../support/build-results.js';

const ann: Actor = { name: 'ann', role: 'app_user', claims: {}, session: {}, subject: null };
const visitor: Actor = { name: 'visitor', role: 'anon', claims: {}, session: {}, subject: null };

const selected = (
  count: number,
  firstValue: string | null = null,
  control: Control | null = null,
): StepOutcome => ({
  kind: 'done',
  returnsRows: true,
  changesRows: false,
  count,
  firstValue,
  control,
});
const changed = (count: number, control: Control | null = null): StepOutcome => ({
  kind: 'done',
  returnsRows: false,
  changesRows: true,
  count,
  firstValue: null,
  control,
});
const returning = (count: number): StepOutcome => ({
  kind: 'done',
  returnsRows: true,
  changesRows: true,
  count,
  firstValue: '7',
  control: null,
});
/** `truncate`, `create function`, `do`: Postgres gives no number. */
const done: StepOutcome = {
  kind: 'done',
  returnsRows: false,
  changesRows: false,
  count: null,
  firstValue: null,
  control: null,
};
const failed = (sqlstate: string, message = 'no'): StepOutcome => ({
  kind: 'error',
  problem: buildProblem({ sqlstate, message }),
});

/** What the deployer came to where the actor came to nothing. */
const effect: Control = { kind: 'effect' };
const nothing: Control = { kind: 'nothing' };
const broken: Control = { kind: 'error', problem: buildProblem({ sqlstate: '42501', message: 'no' }) };

const rows = (count: number): Expectation => ({ kind: 'rows', count });
const affected = (count: number): Expectation => ({ kind: 'affected', count });
const value = (text: string): Expectation => ({ kind: 'value', text });
const error = (sqlstate: string, message: string | null = null): Expectation => ({
  kind: 'error',
  sqlstate,
  message,
});
const refused: Expectation = { kind: 'refused' };

describe('judgeStep', () => {
  const met: [string, Expectation, StepOutcome][] = [
    ['as many rows', rows(2), selected(2)],
    ['no row', rows(0), selected(0)],
    ['a row that an insert returns', rows(1), returning(1)],
    ['as many changed rows', affected(1), changed(1)],
    ['a changed row that is returned', affected(1), returning(1)],
    ['no changed row', affected(0), changed(0)],
    ['the value', value('milk'), selected(1, 'milk')],
    ['the SQLSTATE', error('23505'), failed('23505')],
    ['the SQLSTATE with its message', error('P0001', 'duplicate'), failed('P0001', 'duplicate')],
    ['a refusal by an error', refused, failed('42501')],
    ['a refusal that shows no row', refused, selected(0, null, effect)],
    ['a refusal that changes no row', refused, changed(0, effect)],
  ];
  it.each(met)('passes %s', (_what, expectation, outcome) => {
    expect(judgeStep(expectation, outcome, ann).outcome).toBe('pass');
  });

  const missed: [string, Expectation, StepOutcome][] = [
    ['another number of rows', rows(2), selected(1)],
    ['changed rows where rows were to be returned', rows(1), changed(1)],
    ['an error where rows were expected', rows(0), failed('42501')],
    ['another number of changed rows', affected(1), changed(2)],
    ['a select where a change was expected', affected(1), selected(1)],
    ['a command without a number where no change was expected', affected(0), done],
    ['another value', value('milk'), selected(1, 'beer')],
    ['the value in one of two rows', value('milk'), selected(2, 'milk')],
    ['another SQLSTATE', error('23505'), failed('23503')],
    ['another message', error('P0001', 'duplicate'), failed('P0001', 'duplicate key')],
    ['no error', error('42501'), selected(0)],
    ['a row that should have been refused', refused, selected(1)],
    ['a change that should have been refused', refused, changed(1)],
    ['a command without a number that should have been refused', refused, done],
    ['a refusal of a row that is not there', refused, selected(0, null, nothing)],
    ['a refusal of a change that would change nothing', refused, changed(0, nothing)],
    ['a refusal that the deployer meets too', refused, selected(0, null, broken)],
    ['a refusal that nobody controlled', refused, selected(0)],
    ['an error that is no refusal', refused, failed('42P01')],
  ];
  it.each(missed)('fails %s', (_what, expectation, outcome) => {
    expect(judgeStep(expectation, outcome, ann).outcome).toBe('fail');
  });

  it.each([
    [selected(1, 'milk'), 'value milk'],
    [selected(2, 'milk'), '2 rows'],
    [selected(0, null, effect), '0 rows'],
    [selected(0, null, nothing), 'nothing to refuse: the deployer finds and changes nothing either'],
    [selected(0, null, broken), 'refused, or nothing to refuse: as the deployer it fails with 42501'],
    [changed(1), '1 row changed'],
    [done, 'done'],
    [failed('42501', 'permission denied'), '42501 permission denied'],
  ])('says what came instead', (outcome, actual) => {
    expect(judgeStep(refused, outcome, ann).actual).toBe(actual);
  });

  it('keeps the error that nobody expected, with its place, and no other', () => {
    expect(judgeStep(rows(1), failed('42P01'), ann).problem).toMatchObject({ sqlstate: '42P01' });
    expect(judgeStep(refused, failed('42501'), ann).problem).toBeNull();
    expect(judgeStep(refused, selected(0, null, broken), ann).problem).toMatchObject({ sqlstate: '42501' });
  });
});

describe('describeExpectation', () => {
  it.each([
    [rows(1), '1 row'],
    [rows(0), '0 rows'],
    [affected(2), '2 rows changed'],
    [value('milk'), 'value milk'],
    [error('42501'), '42501'],
    [error('P0001', 'duplicate'), 'P0001 duplicate'],
    [refused, 'refused'],
  ])('says what is to come', (expectation, text) => {
    expect(describeExpectation(expectation)).toBe(text);
  });
});

describe('httpStatusOf', () => {
  it.each([
    ['42501', ann, 403],
    ['42501', visitor, 401],
    ['23503', ann, 409],
    ['23505', ann, 409],
    ['42P17', ann, 500],
    ['42P01', ann, 404],
    ['42883', ann, 404],
    ['P0001', ann, 400],
    ['08006', ann, 503],
    ['53300', null, 503],
    ['XX000', null, 500],
    ['22P02', null, 400],
  ])('of %s', (sqlstate, actor, status) => {
    expect(httpStatusOf(sqlstate, actor)).toBe(status);
  });
});

import { describe, expect, it } from '@jest/globals';
import { judge } from '../../../src/stages/run-checks.js';

/** The OIDs of text, boolean and integer. */
const types = { text: 25, name: 19, varchar: 1043, bool: 16, int4: 23 };
const fields = [
  { name: 'object', dataTypeID: types.text },
  { name: 'expected', dataTypeID: types.text },
  { name: 'actual', dataTypeID: types.text },
  { name: 'pass', dataTypeID: types.bool },
];
const good = { object: 'public.notes', expected: 'on', actual: 'on', pass: 't' };

describe('judge', () => {
  it('passes when every row passes', () => {
    expect(judge(fields, [good, good])).toEqual({
      outcome: 'pass',
      assertions: Array(2).fill({ object: 'public.notes', expected: 'on', actual: 'on', outcome: 'pass' }),
      reason: null,
      problem: null,
    });
  });

  it('fails with one row that fails, and shows them all', () => {
    const result = judge(fields, [good, { ...good, actual: 'off', pass: 'f' }]);
    expect(result).toMatchObject({ outcome: 'fail', reason: null });
    expect(result.assertions.map(({ outcome }) => outcome)).toEqual(['pass', 'fail']);
  });

  it('fails without a row', () => {
    expect(judge(fields, [])).toMatchObject({
      outcome: 'fail',
      reason: 'it returned no row, so it looked at nothing',
    });
  });

  it('fails with more rows than anybody reads, and keeps none of them', () => {
    expect(judge(fields, Array(10_001).fill(good))).toMatchObject({
      outcome: 'fail',
      assertions: [],
      reason: expect.stringContaining('it returned 10,001 rows; a check returns 10,000 at most.'),
    });
    expect(judge(fields, Array(10_000).fill(good))).toMatchObject({ outcome: 'pass', reason: null });
  });

  it('cuts what is too long for anybody to read', () => {
    const result = judge(fields, [{ ...good, actual: 'x'.repeat(200_000), pass: 'f' }]);
    expect(result.assertions[0]?.actual).toBe(`${'x'.repeat(4000)}…`);
  });

  it.each(['object', 'expected', 'actual', 'pass'])('fails where %s is null', (column) => {
    const result = judge(fields, [{ ...good, [column]: null }]);
    expect(result).toMatchObject({ outcome: 'fail', reason: 'a row holds null; say what is there in words' });
    expect(result.assertions[0]?.outcome).toBe('fail');
  });

  it.each([
    ['too few', fields.slice(0, 3), '(object, expected, actual)'],
    [
      'too many',
      [...fields, { name: 'note', dataTypeID: types.text }],
      '(object, expected, actual, pass, note)',
    ],
    ['another order', [...fields].reverse(), '(pass, actual, expected, object)'],
    ['none', [], '()'],
  ])('fails with %s columns', (_what, columns, named) => {
    expect(judge(columns, []).reason).toBe(
      `it returned the columns ${named}; a check returns (object, expected, actual, pass)`,
    );
  });

  it.each([
    ['pass', types.text],
    ['pass', types.int4],
    ['actual', types.int4],
  ])('fails where %s has the type %d', (name, dataTypeID) => {
    const columns = fields.map((field) => (field.name === name ? { name, dataTypeID } : field));
    expect(judge(columns, [good]).reason).toContain(`its column ${name} has the wrong type`);
  });

  it('takes names and varchar for text', () => {
    const columns = fields.map((field) =>
      field.name === 'pass' ? field : { ...field, dataTypeID: types.name },
    );
    expect(judge(columns, [good]).outcome).toBe('pass');
  });
});

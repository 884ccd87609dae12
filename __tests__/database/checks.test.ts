import { describe, expect, it } from '@jest/globals';
import type { CheckComparison } from '../../src/model.js';
import { rehearseNotes } from '../support/rehearse-notes.js';

/** What becomes of the state when this is the bundle's only third check. */
async function rehearseCheck(sql: string): Promise<{ outcome: string; check: CheckComparison }> {
  const { outcome, checks } = await rehearseNotes({ 'checks/03_more.sql': `--! Title: More\n${sql}\n` });
  const check = checks[2];
  if (check === undefined) throw new Error('the third check was not run');
  return { outcome, check };
}

const row = "'a' as object, 'b' as expected, 'c' as actual";

describe('a check', () => {
  it('is shown before and after, with its rows', async () => {
    const { outcome, checks } = await rehearseNotes();
    expect(outcome).toBe('pass');
    expect(checks.map(({ before, after }) => [before.outcome, after.outcome])).toEqual([
      ['fail', 'pass'],
      ['fail', 'pass'],
    ]);
    expect(checks[0]?.before).toMatchObject({
      assertions: [
        { object: 'public.notes.author', expected: 'not null', actual: 'absent', outcome: 'fail' },
      ],
    });
  });

  it.each([
    ['no row', `select ${row}, true as pass where false`, 'it returned no row, so it looked at nothing'],
    ['a null', `select ${row}, null::boolean as pass`, 'a row holds null; say what is there in words'],
    [
      'the wrong columns',
      'select 1 as one, true as pass',
      'it returned the columns (one, pass); a check returns (object, expected, actual, pass)',
    ],
    [
      'a column of the wrong type',
      `select ${row}, 'yes' as pass`,
      'its column pass has the wrong type; object, expected and actual are text, pass is boolean',
    ],
    [
      'nothing at all',
      '-- to be written',
      'it returned the columns (); a check returns (object, expected, actual, pass)',
    ],
  ])('fails with %s', async (_what, sql, reason) => {
    const { outcome, check } = await rehearseCheck(sql);
    expect(outcome).toBe('fail');
    expect(check.after).toMatchObject({ outcome: 'fail', reason });
  });

  it('fails with an error, and says where it is', async () => {
    const { outcome, check } = await rehearseCheck(`select ${row},\n    1 / 0 = 1 as pass,\n    nonsense`);
    expect(outcome).toBe('fail');
    expect(check.after).toMatchObject({
      reason: 'the query raised an error',
      problem: {
        path: 'checks/03_more.sql',
        line: 4,
        column: 5,
        snippet: '    nonsense\n    ^',
        sqlstate: '42703',
      },
    });
  });

  it('does not keep the others from being run when it fails', async () => {
    const { checks } = await rehearseNotes({
      'checks/01_author.sql': '--! Title: Author\nselect 1 / 0',
    });
    expect(checks.map(({ after }) => after.outcome)).toEqual(['fail', 'pass']);
  });

  it.each(['delete from public.notes', "select pg_catalog.nextval('public.notes_id_seq')"])(
    'may not write: %s',
    async (sql) => {
      const { outcome, check } = await rehearseCheck(sql);
      expect(outcome).toBe('fail');
      expect(check.after).toMatchObject({ problem: { sqlstate: '25006' } });
    },
  );

  it('fails when it passed before the fix and does not after it', async () => {
    const { outcome, check } = await rehearseCheck(
      `select ${row}, pg_catalog.to_regclass('notes_quarantine.rows') is null as pass`,
    );
    expect(outcome).toBe('fail');
    expect([check.before.outcome, check.after.outcome]).toEqual(['pass', 'fail']);
  });
});

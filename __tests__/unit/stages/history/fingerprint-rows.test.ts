import { describe, expect, it } from '@jest/globals';
import { withoutTouched } from '../../../../src/stages/history/fingerprint-rows.js';

const rowsOf = (...each: string[]) => ({ rows: each.length, digest: each.join(), each });

describe('withoutTouched', () => {
  it('leaves rows out that somebody changed since, and counts those that the fix had changed before', () => {
    const start = new Map([
      ['public.staff', rowsOf('a', 'b')],
      ['public.notes', rowsOf('c')],
    ]);
    const deployed = new Map([
      ['public.staff', rowsOf('a', 'b')],
      ['public.notes', rowsOf('C')],
    ]);
    const used = new Map([
      ['public.staff', rowsOf('a', 'x')],
      ['public.notes', rowsOf('y')],
    ]);
    const { rows, more } = withoutTouched(start, { deployed, used });
    expect(rows.get('public.staff')?.each).toEqual(['a']);
    expect(rows.get('public.notes')?.each).toEqual(['c']);
    expect(more).toBe(1);
    expect(withoutTouched(start, { deployed, used: deployed })).toEqual({ rows: start, more: 0 });
  });
});

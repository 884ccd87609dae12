/** What a plan is held to: the definitions, and beside them only what they say nothing of. */
import { describe, expect, it } from '@jest/globals';
import type { ObjectDifference } from '../../../src/model.js';
import { changesBeyond, findUnplanned } from '../../../src/stages/compare-definitions.js';

const appeared = (table: string, digest: string | null = null): ObjectDifference => ({
  word: 'appeared',
  table,
  key: null,
  columns: [],
  does: [],
  text: null,
  digest,
  protected: false,
});

describe('changesBeyond', () => {
  it.each([
    'membership of ann in staff',
    'operator public.=~=~',
    'privilege CONNECT of ann on database itself',
    'privilege USAGE of ann on foreign server archive',
    'user mapping for ann on server archive',
  ])('tells of %s', (name) => {
    expect(changesBeyond([appeared(name)])).toEqual([{ object: name, before: null, after: 'appeared' }]);
  });

  it('tells an operator or a setting from another of its name', () => {
    const name = 'setting of ann everywhere';
    const [planned, found] = [changesBeyond([appeared(name, '1')]), changesBeyond([appeared(name, '2')])];
    expect(findUnplanned(planned, planned)).toEqual([]);
    expect(findUnplanned(planned, found)).toEqual([name]);
  });

  it('leaves an event trigger to its definition, which a plan is held to', () => {
    const made = (after: string) => [
      { object: 'event trigger guard', before: null, after },
      ...changesBeyond([appeared('event trigger guard')]),
    ];
    expect(findUnplanned(made('calls one'), made('calls another'))).toEqual(['event trigger guard']);
  });
});

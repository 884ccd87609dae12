/** What a plan is held to: the definitions, and beside them only what they say nothing of. */
import { describe, expect, it } from '@jest/globals';
import type { ObjectDifference } from '../../../src/model.js';
import { changesBeyond, findUnplanned } from '../../../src/stages/compare-definitions.js';

const appeared = (table: string): ObjectDifference => ({
  word: 'appeared',
  table,
  key: null,
  columns: [],
  does: [],
  text: null,
});

describe('changesBeyond', () => {
  it.each([
    'membership of ann in staff',
    'operator public.=~=~',
    'privilege CONNECT of ann on database itself',
    'privilege USAGE of ann on foreign server archive',
  ])('tells of %s', (name) => {
    expect(changesBeyond([appeared(name)])).toEqual([{ object: name, before: null, after: 'appeared' }]);
  });

  it('leaves an event trigger to its definition, which a plan is held to', () => {
    const made = (after: string) => [
      { object: 'event trigger guard', before: null, after },
      ...changesBeyond([appeared('event trigger guard')]),
    ];
    expect(findUnplanned(made('calls one'), made('calls another'))).toEqual(['event trigger guard']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { findTaken, type NextNumbers } from '../../../../src/stages/preservation/next-numbers.js';

const numbers: NextNumbers = {
  key: '7 1',
  table: 'public.notes',
  relation: 'only public.notes',
  column: 'id',
  sequence: 'public.notes_id_seq',
  isKept: true,
  most: '2147483647',
  given: 2n,
  isDescending: false,
  ahead: null,
};
const ahead = (values: bigint, nearest: bigint, farthest: bigint): NextNumbers => ({
  ...numbers,
  ahead: { values, nearest, farthest },
});

describe('findTaken', () => {
  it.each([
    ['a value ahead where none was', numbers, ahead(1n, 3n, 3n)],
    ['one that is nearer', ahead(1n, 90n, 90n), ahead(1n, 3n, 3n)],
    ['one that is farther', ahead(1n, 90n, 90n), ahead(1n, 91n, 91n)],
    ['one more between', ahead(2n, 90n, 99n), ahead(3n, 90n, 99n)],
    ['values of which nobody asked before', { ...numbers, ahead: undefined }, ahead(1n, 3n, 3n)],
  ])('names %s', (_, then, now) => {
    expect(findTaken([then], [now])).toMatchObject([
      { word: 'comes to what is taken', table: 'numbers of id on public.notes' },
    ]);
  });

  it('says where the sequence stands, and what it comes to', () => {
    expect(findTaken([], [ahead(3n, 4n, 9n)])[0]?.columns).toEqual([
      'public.notes_id_seq stands at 2, and id 4 is there, and 2 more',
    ]);
    expect(findTaken([], [{ ...ahead(1n, 9n, 9n), isDescending: true }])[0]?.columns).toEqual([
      'public.notes_id_seq stands at 2, and id -9 is there',
    ]);
  });

  it.each([
    ['none', numbers],
    ['what was ahead before', ahead(2n, 90n, 99n)],
    ['fewer', ahead(1n, 99n, 99n)],
    ['what nobody asked of', { ...numbers, ahead: undefined }],
  ])('lets %s be', (_, now) => {
    expect(findTaken([ahead(2n, 90n, 99n)], [now])).toEqual([]);
  });

  it('names another sequence that is behind the numbers that were given, and no other', () => {
    const other = (given: bigint, isDescending = false) => ({
      ...numbers,
      sequence: 'public.ids',
      given,
      isDescending,
    });
    const then = { ...numbers, given: 40n };
    expect(findTaken([then], [other(39n)])[0]?.columns).toEqual([
      'public.ids stands at 39, and public.notes_id_seq had come to 40: numbers that were given are given again',
    ]);
    expect(findTaken([{ ...then, isDescending: true }], [other(41n, true)])).toHaveLength(1);
    expect(findTaken([{ ...then, isKept: false }], [other(39n)])).toEqual([]);
    for (const now of [other(40n), other(41n), other(0n, true), { ...numbers, given: 1n }])
      expect(findTaken([then], [now])).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { isCastAgain } from '../../../../src/stages/preservation/cast-again.js';
import type { DatabaseObject } from '../../../../src/stages/preservation/read-objects.js';
import { anObject } from '../../../support/an-object.js';

const object = (kind: string, name: string, said: string) =>
  anObject({ kind, name, said, written: said, parts: said });

/** A check of a column, before and after it had another type. */
const isSame = (column: string, types: readonly [string, string], checks: readonly [string, string]) => {
  const [before, after] = checks.map((said, index) => [
    object('constraint', 'fees_check', said),
    object('type of', column, types[index] as string),
  ]) as [DatabaseObject[], DatabaseObject[]];
  return isCastAgain(before[0] as DatabaseObject, after[0], { before, after });
};

describe('isCastAgain', () => {
  it.each<[string, [string, string], [string, string]]>([
    [
      'price',
      ['double precision', 'numeric(12,2)'],
      ['CHECK ((price >= (0)::double precision)) t', 'CHECK ((price >= (0)::numeric)) t'],
    ],
    [
      'price',
      ['double precision', 'numeric(12,2)'],
      [
        "CHECK ((price > ('-1'::integer)::double precision)) t",
        "CHECK ((price > ('-1'::integer)::numeric)) t",
      ],
    ],
    [
      'Price',
      ['double precision', 'numeric'],
      ['CHECK ((round(("Price")::numeric, 2) > 0.5)) t', 'CHECK ((round("Price", 2) > 0.5)) t'],
    ],
    [
      'word',
      ['character varying(20)', 'text'],
      [
        "CHECK (((word)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))) t",
        "CHECK ((word = ANY (ARRAY['a'::text, 'b'::text]))) t",
      ],
    ],
  ])('is so where only casts are others: %s from and to %j', (column, types, checks) => {
    expect(isSame(column, types, checks)).toBe(true);
  });

  it.each<[string, [string, string], [string, string]]>([
    [
      'another number',
      ['double precision', 'numeric'],
      ['CHECK ((price >= (0)::double precision))', 'CHECK ((price >= (1)::numeric))'],
    ],
    [
      'a type as it was',
      ['numeric', 'numeric'],
      ['CHECK ((price >= (0)::double precision))', 'CHECK ((price >= (0)::numeric))'],
    ],
    [
      'a number that was rounded',
      ['integer', 'numeric'],
      ['CHECK ((price >= (1.5)::integer))', 'CHECK ((price >= 1.5))'],
    ],
    [
      'bounds of the cast',
      ['double precision', 'numeric'],
      ['CHECK (((price)::numeric(12,0) > 0.5))', 'CHECK ((price > 0.5))'],
    ],
    [
      'what a function gave',
      ['integer', 'numeric'],
      ['CHECK ((half(price)::integer > 1))', 'CHECK ((half(price) > 1))'],
    ],
    ['the order of words', ['text', 'mood'], ["CHECK ((price > 'a'::text))", "CHECK ((price > 'a'::mood))"]],
    [
      'a text that looks like a cast',
      ['double precision', 'numeric'],
      ["CHECK ((word <> '(0)::numeric'::text))", "CHECK ((word <> '0'::text))"],
    ],
  ])('is not where there is %s', (_, types, checks) => {
    expect(isSame('price', types, checks)).toBe(false);
  });
});

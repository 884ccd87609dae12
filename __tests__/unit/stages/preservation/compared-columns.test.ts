import { describe, expect, it } from '@jest/globals';
import { comparedColumnsIn } from '../../../../src/stages/preservation/compared-columns.js';

describe('columns of one row that are compared with each other', () => {
  it.each([
    ['USING ((public.holds(account) OR ((author)::text = memo)))', ['author', 'memo']],
    ['USING ((memo ~~ ((author)::text || x)))', ['author', 'memo']],
    ['USING (starts_with(memo, (author)::text))', ['author', 'memo']],
    [
      'USING ((EXISTS ( SELECT FROM public.rates r WHERE (entries.memo = (entries.author)::text))))',
      ['author', 'memo'],
    ],
    ['USING (CASE WHEN (memo = (author)::text) THEN true ELSE false END)', ['author', 'memo']],
  ])('are found: %s', (text, pair) => {
    expect(comparedColumnsIn(text)).toContainEqual(pair);
  });

  it.each([
    'USING ((public.me() = ANY (ARRAY[author, reader])))',
    'USING ((EXISTS ( SELECT FROM public.holders h WHERE ((h.account = entries.account) AND (h.person = public.me())))))',
    'USING ((public.holds(account, author) AND (author = public.me())))',
    "USING (true) WITH CHECK ((((author = ( SELECT auth.uid() AS uid)) AND (memo = 'a'::text)) OR public.manages(room)))",
    "USING (((memo = 'a'::text) AND (author = public.me())))",
  ])('are none: %s', (text) => {
    expect(comparedColumnsIn(text)).toEqual([]);
  });
});

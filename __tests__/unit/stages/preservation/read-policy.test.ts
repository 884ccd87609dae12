import { describe, expect, it } from '@jest/globals';
import { boundsOf, demandsOf } from '../../../../src/stages/preservation/read-policy.js';
import { anObject } from '../../../support/an-object.js';

const policy = (said: string) => anObject({ kind: 'policy', name: 'mine', said: ` r t {api} ${said}` });
const sayAll = (bounds: ReturnType<typeof boundsOf>) => [
  ...new Set(bounds.map(({ column, say }) => say(column))),
];

describe('boundsOf', () => {
  it.each([
    [
      "using (memo = 'x'::text) with check",
      ["it compares with 'x'"],
      { column: 'memo', by: '=', value: 'x' },
    ],
    [
      "using ((m.role)::character varying = ANY (ARRAY['a'::text]))",
      ["it compares with 'a'"],
      { column: 'role', by: '=', value: 'a' },
    ],
    ['using (id < 1000000)', ['it compares with 1000000'], { column: 'id', by: '<', value: '1000000' }],
    [
      "using (word IS DISTINCT FROM 'no'::text)",
      ["it compares with 'no'"],
      { column: 'word', by: '=', value: 'no' },
    ],
    ['using (length(memo) < 5)', ['it compares with 5'], null],
    ["using ((memo ~~ 'a%'::text))", ["it compares with 'a%'"], null],
    [
      'using (gone_at IS NULL)',
      ['it asks whether gone_at is null'],
      { column: 'gone_at', by: 'null', value: '' },
    ],
    ['using is_open', ['it asks is_open'], { column: 'is_open', by: 'true', value: '' }],
  ])('says what a policy compares with: %s', (said, bounds, compared) => {
    expect(sayAll(boundsOf(policy(said)))).toEqual(bounds);
    expect(boundsOf(policy(said))[0]?.compared).toEqual(compared);
  });

  it.each([
    "using (id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)",
    "using (id = ((current_setting('request.jwt.claims'::text, true))::jsonb ->> 'sub'::text))",
    'using (auth.uid() IS NOT NULL)',
    'using (EXISTS ( SELECT 1 FROM public.members m WHERE m.room = rooms.id))',
    'using true',
  ])('takes who asks, and whether there is a row, for none: %s', (said) => {
    expect(sayAll(boundsOf(policy(said)))).toEqual([]);
  });
});

describe('demandsOf', () => {
  it('leaves out what is asked instead of something else', () => {
    const one = policy('using ((a = 1) AND ((b = 2) OR (c = 3))) with check ((d = 4) AND (e = 5))');
    expect(sayAll(demandsOf(one, 'using'))).toEqual(['it compares with 1']);
    expect(sayAll(demandsOf(one, 'check'))).toEqual(['it compares with 4', 'it compares with 5']);
  });
});

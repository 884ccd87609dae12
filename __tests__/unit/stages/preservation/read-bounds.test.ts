import { describe, expect, it } from '@jest/globals';
import { boundsIn } from '../../../../src/stages/preservation/read-bounds.js';
import { readPieces } from '../../../../src/stages/preservation/read-pieces.js';

const boundsOf = (view: string) => boundsIn(readPieces(view));

describe('boundsIn', () => {
  it.each([
    ['WHERE e.id >= 1 AND e.id <= 1000000', ['it compares with 1', 'it compares with 1000000']],
    ["WHERE e.id <> '-5'::integer", ['it compares with -5']],
    [
      "WHERE e.at < '2026-01-01 00:00:00+00'::timestamp with time zone OR e.at > '2026-01-02'::date OR e.at = '2026-01-01 09:30:00+00'",
      [
        "it compares with '2026-01-01'",
        "it compares with '2026-01-02'",
        "it compares with '2026-01-01 09:30:00'",
      ],
    ],
    ["WHERE e.id::text !~~ '9%'::text", ["it compares with '9%'"]],
    ['WHERE ((e.id)::numeric(12,2) > 0.5)', ['it compares with 0.5']],
    [
      "WHERE e.kind = ANY (ARRAY['debit'::public.kind, 'credit'::public.kind])",
      ["it compares with 'debit'", "it compares with 'credit'"],
    ],
    ['WHERE e.booked_at IS NOT NULL', ['it asks whether booked_at is not null']],
    ['WHERE (e.memo = e.word) IS NOT TRUE', ['it asks whether word is not true']],
    ['WHERE e.open AND NOT e.hidden', ['it asks open', 'it asks not hidden']],
    ['WHERE (e.open) OR (NOT (e.hidden));', ['it asks open', 'it asks not hidden']],
    ['LIMIT 100', ['it ends behind 100']],
    ['OFFSET 5', ['it leaves out the first 5']],
    ['FETCH FIRST 10 ROWS WITH TIES', ['it ends behind 10']],
    ['JOIN public.kinds k ON k.id = e.kind AND k.open ORDER BY k.id', ['it asks open']],
    ['GROUP BY e.id HAVING count(*) > 3', ['it compares with 3']],
    ['JOIN (VALUES (1), (2)) AS v(id) ON v.id = e.id', ['it compares with 1', 'it compares with 2']],
  ])('says what %s keeps out', (rest, bounds) => {
    expect(boundsOf(`SELECT e.id, 7 AS seven FROM public.entries e ${rest}`)).toEqual(bounds);
  });

  it.each([
    "SELECT e.id + 5 AS five, COALESCE(e.memo, 'none'::text) AS memo FROM public.entries e WHERE e.a = e.b GROUP BY (e.id + 5) ORDER BY (e.id - 3)",
    'SELECT e.memo IS DISTINCT FROM e.word AS differs, 3 AS three FROM public.entries e',
    'SELECT e.is_open, e.a IS NULL AS is_new FROM public.entries e WHERE e.id = public.own(e.id)',
    "SELECT 'a'::text AS kind FROM public.a UNION ALL SELECT 'b'::text AS kind FROM public.b",
  ])('takes what a view says for none of them: %s', (view) => {
    expect(boundsOf(view)).toEqual([]);
  });

  it('reads the conditions of a query within', () => {
    expect(
      boundsOf('SELECT a.id, (SELECT max(b.x) FROM public.b WHERE b.id < 9) AS x, 4 AS y FROM public.a'),
    ).toEqual(['it compares with 9']);
  });
});

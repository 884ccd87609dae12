import { describe, expect, it } from '@jest/globals';
import { asksForAbsence } from '../../../../src/stages/preservation/asked-for-absence.js';
import { readPieces } from '../../../../src/stages/preservation/read-pieces.js';

const asks = (text: string) =>
  asksForAbsence(readPieces(text), 'public.bans', {
    asked: ['person'],
    isOfAFunction: false,
    isTurned: false,
  });

describe('a condition that asks that there is no row of whoever asks', () => {
  it.each([
    'USING ((NOT (EXISTS ( SELECT FROM public.bans b WHERE (b.person = public.me())))))',
    'USING ((NOT (public.me() IN ( SELECT b.person FROM public.bans b))))',
    'USING ((( SELECT count(*) AS count FROM public.bans b WHERE (b.person = public.me())) = 0))',
    'USING (COALESCE(( SELECT false FROM public.bans b WHERE (b.person = public.me())), true))',
    'USING ((( SELECT b.person FROM public.bans b WHERE (b.person = public.me())) IS NULL))',
    'USING ((EXISTS ( SELECT FROM (public.people p LEFT JOIN public.bans b ON ((b.person = public.me()))))))',
  ])('is found: %s', (text) => {
    expect(asks(text)).toBe(true);
  });

  it.each([
    'USING ((EXISTS ( SELECT FROM public.bans b WHERE (b.person = public.me()))))',
    'USING ((public.me() IN ( SELECT b.person FROM public.bans b)))',
    "USING ((( SELECT b.role FROM public.bans b WHERE (b.person = public.me())) = 'admin'::text))",
    'USING ((NOT (EXISTS ( SELECT FROM public.bans b WHERE (b.banned = public.me())))))',
    'USING ((NOT (EXISTS ( SELECT FROM public.holders h WHERE (h.person = public.me())))))',
  ])('is none: %s', (text) => {
    expect(asks(text)).toBe(false);
  });
});

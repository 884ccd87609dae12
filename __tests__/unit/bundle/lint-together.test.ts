import { describe, expect, it } from '@jest/globals';
import { lintTogether } from '../../../src/bundle/lint-together.js';

const lint = (text: string, other = '', shut: readonly string[] = []) =>
  lintTogether([{ path: 'sections/01_a.sql', text }], {
    others: [{ path: 'states/01_a.sql', text: other }],
    shut,
  }).map(({ line, text: said }) => `${line} ${said}`);

const enable = 'select 1;\nalter table public.t enable row level security;';
const definer =
  "create function public.f(a int) returns int language sql security definer set search_path = '' as 'select 1';";

describe('lintTogether', () => {
  it('names a table that row level security shuts to all but its owner', () => {
    expect(lint(enable)).toEqual([
      '2 row level security of public.t is switched on, and no section or state makes a policy: nobody but its owner reaches a row. Make one; or revoke all on it, if that is meant',
    ]);
    expect(lint(`${enable} create policy p on public.tt using (true);`)).toHaveLength(1);
  });

  it.each([
    ['a policy', 'create policy "p q" on public.t to app_user using (true);'],
    ['privileges that are taken away', 'revoke all on public.u, public.t from app_user;'],
    [
      'policies that are put together',
      "do $$ begin execute format('create policy p on %s using (true)', t); end $$;",
    ],
  ])('does not where there is %s', (_, more) => {
    expect(lint(`${enable}\n${more}`)).toEqual([]);
    expect(lint(enable, more)).toEqual([]);
  });

  it('does not of the quarantine, which is shut to everybody', () => {
    expect(lint(enable, '', ['public.t'])).toEqual([]);
  });

  it("names a function with its owner's rights that every role may call", () => {
    expect(lint(definer)).toEqual([
      "1 every role may call public.f, with its owner's rights. Revoke execute on it from public, and grant that to those who need it",
    ]);
    expect(lint(`${definer} revoke execute on function public.ff(int) from public;`)).toHaveLength(1);
  });

  it.each([
    'revoke execute on function public.f(int) from public, anon;',
    'revoke all on all functions in schema public from public;',
    'alter default privileges revoke execute on functions from public;',
    "do $$ begin execute 'revoke all on function ' || f || ' from public'; end $$;",
  ])('does not after %s', (revoke) => {
    expect(lint(`${definer}\n${revoke}`)).toEqual([]);
  });

  it('does not of what a trigger calls, or goes with the prelude', () => {
    expect(lint(definer.replace('returns int', 'returns trigger'))).toEqual([]);
    expect(lint(definer.replace('public.f', 'schema_fix.f'))).toEqual([]);
  });
});

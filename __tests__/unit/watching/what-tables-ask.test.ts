import { describe, expect, it } from '@jest/globals';
import { findWhatTablesAsk } from '../../../src/watching/what-tables-ask.js';

const definitions = new Map([
  ['table public.deals', 'kind r'],
  ['column public.deals.number', "integer default app.next_number('deals'::text)"],
  ['policy "their own" on public.deals', 'using (tenant IN ( SELECT my_tenants() AS my_tenants))'],
  ['constraint deals_account_fkey on public.deals', 'FOREIGN KEY (account) REFERENCES accounts(id)'],
  ['constraint positive on public.deals', 'CHECK (public."Is Fine"(amount))'],
  ['function public.my_tenants()', 'select tenant from memberships'],
  ['function app.next_number(of text)', 'begin return 1; end'],
  ['function public."Is Fine"(numeric)', 'select $1 > 0'],
  ['table public.memberships', 'kind r'],
  ['policy members on public.memberships', 'using true'],
  ['trigger told on public.memberships', 'execute function tell()'],
  ['function public.tell()', 'begin return new; end'],
  ['table public.accounts', 'kind r'],
  ['policy open on public.accounts', 'using true'],
  ['function public.report()', 'select count(*) from deals'],
]);

describe('findWhatTablesAsk', () => {
  it('follows policies, triggers, defaults and checks of the tables through functions to tables and their policies', () => {
    expect([...findWhatTablesAsk(definitions, ['public.deals'])].sort()).toEqual([
      'column public.deals.number',
      'constraint positive on public.deals',
      'function app.next_number(of text)',
      'function public."Is Fine"(numeric)',
      'function public.my_tenants()',
      'policy "their own" on public.deals',
      'policy members on public.memberships',
      'table public.deals',
      'table public.memberships',
    ]);
  });

  it('finds nothing where nothing is asked', () => {
    expect([...findWhatTablesAsk(definitions, ['public.elsewhere'])]).toEqual([]);
  });
});

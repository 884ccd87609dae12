import { describe, expect, it } from '@jest/globals';
import { asksTheRow } from '../../../src/bundle/asks-the-row.js';

describe('asksTheRow', () => {
  it.each([
    'true',
    'null',
    "'EUR'",
    '1 = 1',
    'pg_catalog.now() is not null',
    "'a'::text",
    'not (false)',
    "'a'::public.text",
    "cast('1' as pg_catalog.date)",
    '',
  ])('refuses %s, which says the same of every row', (expression) => {
    expect(asksTheRow(expression)).toBe(false);
  });

  it.each([
    'value is null',
    'pg_catalog.lower(value)',
    'older <> value',
    'this.email is null',
    '"E-mail" is null',
    'said.text is null',
    'this.date < pg_catalog.now()',
    'exists (select from public.rooms as r where r.id = this.room)',
  ])('lets %s be', (expression) => {
    expect(asksTheRow(expression)).toBe(true);
  });
});

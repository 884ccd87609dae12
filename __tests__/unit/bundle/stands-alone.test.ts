import { describe, expect, it } from '@jest/globals';
import { standsAlone } from '../../../src/bundle/stands-alone.js';

describe('standsAlone', () => {
  it.each([
    'pg_catalog.lower(pg_catalog.btrim(value))',
    "value = ');'",
    'value = $$ ); commit; -- $$',
    "value = E'\\'); commit; --'",
    '"a);b" = value /* ); commit; */',
    '-- the name\nvalue',
    'select a.attname from pg_catalog.pg_attribute as a where (a.attnum > 0)',
  ])('holds of %s', (sql) => {
    expect(standsAlone(sql)).toBe(true);
  });

  it.each([
    'x); commit; --',
    'value; commit',
    'value;',
    'value) or (true',
    '((value)',
    "value || 'never closed",
    'value || "never closed',
    'value || $a$ never closed',
    'value /* never closed',
    'value -- what follows is gone',
    ')(',
  ])('does not hold of %s', (sql) => {
    expect(standsAlone(sql)).toBe(false);
  });
});

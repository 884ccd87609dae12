import { describe, expect, it } from '@jest/globals';
import {
  isNameableTable,
  tableName,
  tableOrColumnName,
  writeTableName,
} from '../../../src/bundle/table-name.js';

describe('tableName', () => {
  it.each([
    ['public.notes', 'public.notes'],
    ['public.User', 'public.User'],
    ['public."User"', 'public.User'],
    ['"Sales"."Order Items"', 'Sales.Order Items'],
    ['public.Straße', 'public.Straße'],
  ])('takes %s for %s of the catalog', (given, name) => {
    expect(tableName.parse(given)).toBe(name);
    expect(tableName.parse(writeTableName(name))).toBe(name);
    expect(isNameableTable(name)).toBe(true);
  });

  it.each(['User', 'public.', 'public.a b', 'public."a.b"', 'public.""', 'a.b.c', 'public."a"b'])(
    'refuses %s',
    (given) => {
      expect(tableName.safeParse(given).success).toBe(false);
    },
  );
});

describe('tableOrColumnName', () => {
  it('leaves a column as it is written', () => {
    expect(tableOrColumnName.parse('public."User".createdAt')).toBe('public.User.createdAt');
    expect(tableOrColumnName.parse('public.User')).toBe('public.User');
  });
});

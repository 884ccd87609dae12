import { describe, expect, it } from '@jest/globals';
import { compareGrants, type Grant } from '../../../../src/stages/access/compare-grants.js';
import { beginDeclared } from '../../../../src/stages/access/declared.js';

const grant = (overrides: Partial<Grant>): Grant => ({
  kind: 'table',
  name: 'public.notes',
  attnum: 0,
  column: null,
  grantee: 'reporter',
  privilege: 'SELECT',
  isDefault: false,
  shows: false,
  ...overrides,
});
const noted = (grants: readonly Grant[]) => ({
  grants,
  objects: new Set([
    'table public.notes',
    'sequence public.old_ids',
    ...grants.map(({ kind, name }) => `${kind} ${name}`),
  ]),
});
const others = [grant({ grantee: 'app_user' })];
const difference = {
  table: 'public.notes',
  verb: 'read',
  outcome: 'gained',
  when: null,
  columns: null,
  columnsFrom: null,
  reason: 'reports',
} as const;

const gained = (overrides: Partial<Grant>, differences: readonly (typeof difference)[] = []) =>
  compareGrants({
    before: noted(others),
    after: noted([...others, grant(overrides)]),
    tried: ['app_user'],
    declared: beginDeclared(differences),
  });

describe('compareGrants', () => {
  it.each<[string, Partial<Grant>, string]>([
    ['a role beside the API', {}, 'reporter may select the table public.notes'],
    ['one column', { attnum: 2, column: 'body' }, 'reporter may select the column public.notes.body'],
    [
      'what rows do not guard',
      { grantee: 'app_user', privilege: 'TRUNCATE' },
      'app_user may truncate the table public.notes',
    ],
    [
      'a number that can be set back',
      { kind: 'sequence', name: 'public.ids', grantee: 'app_user', privilege: 'UPDATE' },
      'app_user may update the sequence public.ids',
    ],
    [
      'a place for objects',
      { kind: 'schema', name: 'public', grantee: 'public', privilege: 'CREATE' },
      'public may create objects in the schema public',
    ],
    [
      'a new table, by no default of the database',
      { name: 'public.new' },
      'reporter may select the table public.new',
    ],
    [
      'a new table that shows rows that were there',
      { name: 'public.new', isDefault: true, shows: true },
      'reporter may select the table public.new',
    ],
  ])('names %s', (_what, overrides, sentence) => {
    expect(gained(overrides)).toEqual([
      expect.stringContaining(`${sentence}, which it could not: revoke it`),
    ]);
  });

  it.each<[string, Partial<Grant>]>([
    ['what people tried', { grantee: 'app_user', privilege: 'DELETE' }],
    ['what people tried as everybody', { grantee: 'public', privilege: 'UPDATE' }],
    ['the next number', { kind: 'sequence', name: 'public.ids', privilege: 'USAGE' }],
    ['a way into a schema', { kind: 'schema', name: 'app', privilege: 'USAGE' }],
    ['what the database gives to whatever is made', { name: 'public.new', isDefault: true }],
    ['what was there and is no table', { kind: 'sequence', name: 'public.old_ids', privilege: 'UPDATE' }],
    [
      'what else the database gives to whatever is made',
      { name: 'public.new', privilege: 'TRUNCATE', isDefault: true, shows: true },
    ],
    ['what was there', { grantee: 'app_user' }],
  ])('leaves alone %s', (_what, overrides) => {
    expect(gained(overrides)).toEqual([]);
  });

  it('takes a declared difference for it', () => {
    expect(gained({}, [difference])).toEqual([]);
    expect(gained({ privilege: 'INSERT' }, [difference])).toHaveLength(1);
  });

  it('minds that a default was given to what was there already', () => {
    expect(gained({ isDefault: true })).toHaveLength(1);
  });
});

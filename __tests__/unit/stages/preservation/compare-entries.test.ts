import { describe, expect, it } from '@jest/globals';
import { compareEntries } from '../../../../src/stages/preservation/compare-entries.js';

const nothing = {
  access: { functions: [] },
  tables: [],
  changes: ['extension citext'],
  changesFound: [],
} as unknown as Parameters<typeof compareEntries>[0];
const extension = { catalog: 'pg_extension', key: '20000:0', label: 'extension citext', said: {} };
const member = (said: Record<string, unknown>) => ({
  catalog: 'pg_amop',
  key: '20001:0',
  label: 'operator 1 of operator family public.citext_ops',
  said,
});

describe('compareEntries', () => {
  it('lets what an extension brings along come with it, and nothing else', () => {
    const told = (before: (typeof extension)[], said: Record<string, unknown>) =>
      compareEntries(nothing, { before, after: [extension, member(said)] }).differences.map(
        ({ table }) => table,
      );
    expect(told([], { extension: ['e 20000'] })).toEqual([]);
    expect(told([], {})).toEqual([member({}).label]);
    expect(told([extension], { extension: ['e 20000'] })).toEqual([member({}).label]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { type ComparedObjects, compareObjects } from '../../../../src/stages/preservation/compare-objects.js';
import type { DatabaseObject } from '../../../../src/stages/preservation/read-objects.js';

const trigger: DatabaseObject = {
  kind: 'trigger',
  name: 'audit',
  relation: 'public.fees',
  relid: '1',
  written: 'w',
  parts: 'p',
  place: null,
  refusal: null,
  role: null,
  roles: null,
  said: null,
  nodes: null,
  references: null,
};
const me: DatabaseObject = { ...trigger, kind: 'function', name: 'public.me', relation: null, relid: null };
const key: DatabaseObject = {
  ...trigger,
  kind: 'constraint',
  name: 'fees_account_fkey',
  place: '{2}',
  references: '7',
};
const accounts: DatabaseObject = {
  ...trigger,
  kind: 'property',
  name: 'owner',
  relation: 'public.accounts',
  relid: '7',
};

const server = {
  ofExtensions: new Set<string>(),
  functions: new Set(['current_setting', 'now', 'version']),
  names: new Set(['lower', 'version']),
  procedures: new Map(),
  shownTypes: new Set<string>(),
  relations: new Set(['pg_locks']),
  types: new Set<string>(),
};

/** Words and names of what differs. */
function compare(
  compared: Partial<ComparedObjects>,
  { changes = [], drops = [], adds = [] }: Partial<Record<'changes' | 'drops' | 'adds', string[]>> = {},
): string[] {
  const access = { people: null, differences: [], functions: [], rules: [], setup: null };
  const { differences } = compareObjects(
    { changes, changesFound: [], drops, adds, access, preserve: [], tables: [] },
    { before: [], after: [], own: [], tried: [], settings: [], server, ...compared },
  );
  return differences.map(({ word, table }) => `${word}: ${table}`);
}

const fees = { ...accounts, relation: 'public.fees', relid: '1' };

describe('compareObjects', () => {
  it('misses what is gone, and what is another under its name', () => {
    expect(compare({ before: [trigger, fees, me], after: [fees] })).toEqual([
      'gone: trigger audit on public.fees',
      'gone: function public.me',
    ]);
    const another = { ...trigger, written: 'x', parts: 'x' };
    expect(compare({ before: [trigger], after: [another] })).toEqual([
      'changed: trigger audit on public.fees',
    ]);
  });

  it('knows it again under another name, on a table of another name, and in a table made again', () => {
    const check = { ...trigger, kind: 'constraint' };
    const renamed = { ...check, name: 'log', written: 'x' };
    const ofRenamedTable = { ...renamed, relation: 'public.dues' };
    const made = { ...check, relid: '2', parts: 'x' };
    for (const after of [renamed, ofRenamedTable, made]) {
      expect(compare({ before: [check], after: [after], own: ['public.fees'] })).toEqual([]);
    }
  });

  it('misses the name of a trigger, which acts in the order of names, and of a constraint of somebody else', () => {
    const called = (kind: string) => ({ ...trigger, kind, name: 'log', written: 'x' });
    const changed = (kind: string, own: string[]) =>
      compare({ before: [{ ...trigger, kind }, fees], after: [called(kind), fees], own });
    expect(changed('trigger', ['public.fees'])).toEqual(['changed: trigger audit on public.fees']);
    expect(changed('constraint', [])).toContain('changed: constraint audit on public.fees');
  });

  it('leaves it to the rows what becomes of a table, and to access who reaches one of the fix', () => {
    expect(compare({ before: [trigger] })).toEqual([]);
    const policy = { ...trigger, kind: 'policy' };
    expect(compare({ before: [policy], after: [fees], own: ['public.fees'] })).toEqual([]);
    expect(compare({ before: [policy, fees], after: [fees] })).toEqual(['gone: policy audit on public.fees']);
  });

  it('lets a key to a table of the fix point elsewhere, and not be dropped', () => {
    const before = [key, accounts, fees];
    const elsewhere = { ...key, name: 'other', written: 'x', parts: 'x', references: '9' };
    const own = ['public.accounts'];
    expect(compare({ before, after: [elsewhere, accounts, fees], own })).not.toContainEqual(
      expect.stringMatching(/^gone/),
    );
    expect(compare({ before, after: [fees, accounts], own })).toEqual([
      'gone: constraint fees_account_fkey on public.fees',
    ]);
  });

  it('names what is new on a table of somebody else', () => {
    const after = [fees, trigger];
    expect(compare({ before: [fees], after })).toEqual(['appeared: trigger audit on public.fees']);
    expect(compare({ before: [fees], after, own: ['public.fees'] })).toEqual([]);
    expect(compare({ before: [fees], after }, { adds: ['public.fees'] })).toEqual([]);
    expect(compare({ before: [], after })).toEqual([]);
  });

  it('names a function that takes over calls of another of its name', () => {
    const other = { ...me, written: 'x', parts: 'x' };
    expect(compare({ before: [me], after: [me, other] })).toEqual(['appeared: function public.me']);
    expect(compare({ before: [me], after: [me, { ...other, name: 'app.lower' }] })).toEqual([
      'appeared: function app.lower',
    ]);
    expect(compare({ before: [me], after: [me, { ...other, name: 'public.you' }] })).toEqual([]);
  });

  it.each([
    ['trigger audit on public.fees', []],
    ['trigger * on public.fees', []],
    ['trigger aud on public.fees', ['gone: trigger audit on public.fees']],
    ['trigger * on public.fee', ['gone: trigger audit on public.fees']],
    ['* audit on public_fees', ['gone: trigger audit on public.fees']],
  ])('where the manifest declares %s', (change, found) => {
    expect(compare({ before: [trigger, fees], after: [fees] }, { drops: [change] })).toEqual(found);
    const another = { ...trigger, written: 'x', parts: 'x' };
    const changed = compare({ before: [trigger], after: [another] }, { changes: [change] });
    expect(changed).toHaveLength(found.length);
  });

  it('names what asks for what nobody was tried with, but where it was asked before or is declared by its name', () => {
    const own = ['public.fees'];
    const asking = (said: string) => ({ ...trigger, kind: 'policy', written: said, parts: said, said });
    const after = [fees, asking("current_setting('app.debug') = 'on'")];
    const asks = ['asks what nobody was tried with: policy audit on public.fees'];
    expect(compare({ before: [fees], after, own })).toEqual(asks);
    expect(compare({ before: [fees], after, own }, { changes: ['policy * on *'] })).toEqual(asks);
    expect(compare({ before: [fees], after, own }, { changes: ['policy audit on public.fees'] })).toEqual([]);
    expect(compare({ before: [fees], after, own, settings: ['app.debug'] })).toEqual([]);
    const before = [fees, asking("current_setting('app.debug') is null")];
    expect(compare({ before, after, own })).toEqual([]);
    const place = [fees, asking('version() is null')];
    expect(compare({ before, after: place, own })).toEqual([
      'depends on where it runs: policy audit on public.fees',
    ]);
  });

  it('finds what is asked through a function, and through what that calls', () => {
    const inner = { ...me, name: 'app.inner', said: 'select count(*) from pg_locks' };
    const outer = { ...me, name: 'public.me', said: 'select app.inner()' };
    const policy = { ...trigger, kind: 'policy', said: 'me() = 1' };
    const before = [fees, inner, outer];
    expect(compare({ before, after: [...before, policy], own: ['public.fees'] })).toEqual([
      'depends on where it runs: policy audit on public.fees',
    ]);
  });
});

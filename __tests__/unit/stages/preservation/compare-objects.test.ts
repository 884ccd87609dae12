import { describe, expect, it } from '@jest/globals';
import type { Bundle } from '../../../../src/model.js';
import { type ComparedObjects, compareObjects } from '../../../../src/stages/preservation/compare-objects.js';
import type { DatabaseObject } from '../../../../src/stages/preservation/read-objects.js';
import { anObject } from '../../../support/an-object.js';

const trigger = anObject();
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
  {
    changes = [],
    drops = [],
    adds = [],
    preserve = [],
  }: Partial<Record<'changes' | 'drops' | 'adds', string[]>> & { preserve?: unknown[] } = {},
): string[] {
  const access = { people: null, differences: [], functions: [], rules: [], setup: null };
  const { differences } = compareObjects(
    {
      changes,
      changesFound: [],
      drops,
      adds,
      access,
      preserve: preserve as Bundle['preserve'],
      tables: [],
      prelude: [],
    },
    {
      before: [],
      after: [],
      uses: { before: new Map(), after: new Map() },
      own: [],
      tried: [],
      settings: [],
      server,
      deployer: 'keeper',
      ...compared,
    },
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
    const check = { ...trigger, kind: 'policy' };
    const renamed = { ...check, name: 'log', written: 'x' };
    const ofRenamedTable = { ...renamed, relation: 'public.dues' };
    const made = { ...check, relid: '2', parts: 'x' };
    for (const after of [renamed, ofRenamedTable, made]) {
      expect(compare({ before: [check], after: [after], own: ['public.fees'] })).toEqual([]);
    }
  });

  it('misses the name of a trigger, which acts in the order of names, and of a constraint', () => {
    const called = (kind: string) => ({ ...trigger, kind, name: 'log', written: 'x' });
    const changed = (kind: string, own: string[]) =>
      compare({ before: [{ ...trigger, kind }, fees], after: [called(kind), fees], own });
    expect(changed('trigger', ['public.fees'])).toEqual(['changed: trigger audit on public.fees']);
    for (const own of [[], ['public.fees']]) {
      expect(changed('constraint', own)).toContain('changed: constraint audit on public.fees');
    }
  });

  it('misses names that were swapped, though either is there', () => {
    const view = { ...trigger, kind: 'view', name: '', relation: 'public.dues', relid: '3', parts: '3' };
    const other = { ...view, relation: 'public.waivers', relid: '4', written: 'x', parts: '4' };
    const swapped = [
      { ...view, relation: other.relation },
      { ...other, relation: view.relation },
    ];
    expect(compare({ before: [view, other], after: swapped })).toEqual([
      'changed: view public.dues',
      'changed: view public.waivers',
    ]);
    const last = { ...trigger, name: 'last', written: 'x', parts: 'x' };
    const inAnotherOrder = [{ ...trigger, name: 'last' }, { ...last, name: 'audit' }, fees];
    expect(compare({ before: [trigger, last, fees], after: inAnotherOrder })).toEqual([
      'changed: trigger audit on public.fees',
      'changed: trigger last on public.fees',
    ]);
  });

  it('misses no name that went with a table to which rows move, where a view bears the old one', () => {
    const counts = { ...trigger, kind: 'sequence of', name: 'fee_id', place: 'public.fees_id_seq' };
    const dues = { ...fees, relation: 'public.dues' };
    const carried = [
      { ...trigger, relation: 'public.dues', written: 'x' },
      { ...counts, name: 'id', relation: 'public.dues', written: 'x' },
      dues,
    ];
    const view = { ...trigger, kind: 'view', name: '', relid: '9', parts: 'v' };
    const table = { ...fees, relid: '9', parts: 't' };
    const before = [trigger, counts, fees];
    const preserve = [{ from: ['public.fees'], to: ['public.dues'] }];
    const both = ['changed: trigger audit on public.fees', 'changed: sequence of fee_id on public.fees'];
    expect(
      compare({ before, after: [...carried, view] }, { preserve, changes: ['view public.fees'] }),
    ).toEqual([]);
    expect(compare({ before, after: [...carried, view] }, { changes: ['view public.fees'] })).toEqual(both);
    expect(compare({ before, after: [...carried, table] }, { preserve })).toEqual(both);
    const [, ...others] = carried;
    const after = [{ ...trigger, relation: 'public.dues', written: 'x', name: 'other' }, ...others, view];
    expect(compare({ before, after }, { preserve, changes: ['view public.fees'] })).toEqual(both.slice(0, 1));
  });

  it('counts what acts once for each: a trigger that does the same as another', () => {
    const second = { ...trigger, name: 'audit_too' };
    for (const own of [[], ['public.fees']]) {
      expect(compare({ before: [trigger, fees], after: [trigger, second, fees], own })).toContain(
        'appeared: trigger audit_too on public.fees',
      );
      expect(compare({ before: [trigger, second, fees], after: [trigger, fees], own })).toEqual([
        'gone: trigger audit_too on public.fees',
      ]);
    }
    const index = { ...trigger, kind: 'unique index' };
    const double = { ...index, name: 'audit_too' };
    expect(compare({ before: [index, fees], after: [index, double, fees] })).toEqual([]);
  });

  it('leaves it to the rows what becomes of a table, and to access who reaches one of the fix', () => {
    expect(compare({ before: [trigger] })).toEqual([]);
    const policy = { ...trigger, kind: 'policy' };
    expect(compare({ before: [policy], after: [fees], own: ['public.fees'] })).toEqual([]);
    expect(compare({ before: [policy, fees], after: [fees] })).toEqual(['gone: policy audit on public.fees']);
  });

  it('lets a key point where rows of its table may have moved, and not elsewhere, nor be dropped', () => {
    const before = [key, accounts, fees];
    const elsewhere = { ...key, name: 'other', written: 'x', parts: 'x', references: '9' };
    const holders = { ...accounts, relation: 'public.holders', relid: '9' };
    const own = ['public.accounts', 'public.holders'];
    const after = [elsewhere, accounts, holders, fees];
    const moves = [{ name: 'holders', from: ['public.accounts'], to: ['public.holders'], facts: [] }];
    const gone = 'gone: constraint fees_account_fkey on public.fees';
    expect(compare({ before, after, own }, { preserve: moves })).not.toContain(gone);
    expect(compare({ before, after, own })).toContain(gone);
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

  it('names a key by which rows go with others, but where it did so before or what it points at is the same rows', () => {
    const deletes = {
      ...key,
      said: 'FOREIGN KEY (account) REFERENCES public.accounts(id) ON DELETE CASCADE',
    };
    const another = { ...deletes, name: 'other', written: 'x', parts: 'x', references: '9' };
    const holders = { ...accounts, relation: 'public.holders', relid: '9' };
    const tables = [fees, accounts, holders];
    const own = ['public.fees', 'public.accounts', 'public.holders'];
    const after = [...tables, another];
    const acts = ['acts beyond its row: constraint other on public.fees'];
    expect(compare({ before: tables, after, own })).toEqual(acts);
    expect(compare({ before: tables, after, own }, { changes: ['constraint * on public.fees'] })).toEqual(
      acts,
    );
    expect(compare({ before: tables, after, own }, { changes: ['constraint other on public.fees'] })).toEqual(
      [],
    );
    expect(compare({ before: [...tables, deletes], after, own })).toEqual([
      'gone: constraint fees_account_fkey on public.fees',
      ...acts,
    ]);
    const moves = [{ name: 'holders', from: ['public.accounts'], to: ['public.holders'], facts: [] }];
    expect(compare({ before: [...tables, deletes], after, own }, { preserve: moves })).toEqual([]);
    const moved = [
      {
        name: 'fees',
        from: ['public.dues'],
        to: ['public.fees'],
        facts: [{ name: 'account', columns: ['whose', 'account'] }],
      },
    ];
    const dues = {
      ...deletes,
      relation: 'public.dues',
      relid: '3',
      said: deletes.said.replace('(account)', '(whose)'),
    };
    const ofDues = [...tables, dues, { ...accounts, relation: 'public.dues', relid: '3' }];
    const ofFees = [...tables, { ...another, references: '7' }];
    expect(compare({ before: ofDues, after: ofFees, own }, { preserve: moved })).toEqual([]);
    expect(compare({ before: ofDues, after: ofFees, own })).toEqual(acts);
    const sameTable = { ...another, references: '7' };
    expect(compare({ before: [...tables, deletes], after: [...tables, sameTable], own })).toEqual([]);
    const empties = {
      ...sameTable,
      said: 'FOREIGN KEY (account) REFERENCES public.accounts(id) ON DELETE SET NULL',
    };
    expect(compare({ before: [...tables, deletes], after: [...tables, empties], own })).toEqual([
      'gone: constraint fees_account_fkey on public.fees',
      ...acts,
    ]);
  });

  it('names what does something whenever it is asked, but where what it stands for did or the function is declared', () => {
    const own = ['public.fees'];
    const tell = { ...me, name: 'public.tell', said: 'notify heard' };
    const policy = { ...trigger, kind: 'policy', said: 'public.tell()' };
    const after = [fees, tell, policy];
    const acts = ['acts beyond its row: policy audit on public.fees'];
    expect(compare({ before: [fees, tell], after, own })).toEqual(acts);
    expect(compare({ before: [fees, tell], after, own }, { changes: ['policy * on public.fees'] })).toEqual(
      acts,
    );
    expect(compare({ before: [fees, tell], after, own }, { changes: ['function public.tell'] })).toEqual([]);
    const older = { ...policy, written: 'x', parts: 'x' };
    expect(compare({ before: [fees, tell, older], after, own })).toEqual([]);
    const beside = { ...older, name: 'beside' };
    expect(compare({ before: [fees, tell, beside], after: [...after, beside], own })).toEqual(acts);
    const silent = { ...tell, written: 'x', parts: 'x', said: 'null' };
    expect(
      compare({ before: [fees, silent, policy], after, own }, { changes: ['function public.*'] }),
    ).toEqual(acts);
  });

  it('names who owns what somebody else owned, or nobody', () => {
    const owned = (owner: string, name = 'public.fees') => ({
      ...accounts,
      relation: name,
      relid: name,
      written: owner,
      parts: owner,
      owner,
    });
    const own = ['public.fees', 'public.dues'];
    const before = [owned('keeper')];
    const given = ['appeared: property owner on public.fees'];
    expect(compare({ before, after: [owned('desk')], own })).toEqual(given);
    expect(compare({ before: [owned('desk')], after: [owned('keeper')], own })).toEqual([]);
    const two = [...before, owned('desk', 'public.dues')];
    expect(compare({ before: two, after: [owned('desk'), owned('desk', 'public.dues')], own })).toEqual([]);
    expect(
      compare({ before: two, after: [owned('desk'), owned('desk', 'public.dues')], own, tried: ['desk'] }),
    ).toEqual(given);
  });

  it('takes a rule only by its own name, and on a new table, too', () => {
    const rule = { ...trigger, kind: 'rule' };
    const appeared = ['appeared: rule audit on public.fees'];
    for (const before of [[], [fees]]) {
      expect(compare({ before, after: [fees, rule], own: ['public.fees'] })).toEqual(appeared);
      expect(compare({ before, after: [fees, rule] }, { changes: ['rule * on public.fees'] })).toEqual(
        appeared,
      );
      expect(compare({ before, after: [fees, rule] }, { changes: ['rule audit on public.fees'] })).toEqual(
        [],
      );
    }
  });
});

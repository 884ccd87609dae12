import { describe, expect, it } from '@jest/globals';
import type { AccessDifference } from '../../../src/model.js';
import {
  detailAccess,
  sayAccess,
  sayDifference,
  sayIdle,
  sayLimits,
} from '../../../src/report/say-access.js';

const nobody = {
  people: 9,
  readAsBefore: 9,
  readAgain: 0,
  gained: 0,
  lost: 0,
  gainedAsDeclared: 0,
  lostAsDeclared: 0,
};

describe('sayAccess', () => {
  it('begins with those who read again, where that is all', () => {
    expect(sayAccess({ ...nobody, readAgain: 3 })).toBe(
      '9 people: 3 read again what an error kept from them; nobody else gained, nobody lost',
    );
    expect(sayAccess(nobody)).toBe('9 people: nobody gained, nobody lost');
    expect(sayAccess({ ...nobody, readAgain: 3, lost: 1 })).toContain('1 lost what they had');
  });
});

describe('sayLimits', () => {
  it('says where nobody tried to write', () => {
    expect(sayLimits([{ people: 9, verbs: ['read'] }])).toBe(
      '; reading alone was tried here, and a rehearsal tries writing',
    );
    expect(sayLimits([{ people: 9, verbs: ['read', 'change', 'delete', 'add'] }])).toBe('');
    expect(sayLimits([{ people: 0, verbs: ['read'] }])).toBe('');
  });
});

describe('detailAccess', () => {
  it('says once what several verbs have in common, whatever a person is called', () => {
    const difference = {
      outcome: 'gained',
      table: 'public.notes',
      people: 2,
      rows: 3,
      person: 'ann | ben',
      reason: 'theirs',
      isDeclared: true,
    } as AccessDifference;
    const differences = (['read', 'change'] as const).map((verb) => ({ ...difference, verb }));
    expect(detailAccess(nobody, [{ differences, unseen: [] }])).toContain(
      'gained on public.notes, as the bundle declares: 2 people (among them ann | ben): read and change 3 rows (theirs)',
    );
  });

  it('says to which columns a role gives no value any more', () => {
    const of = (table: string, columns: string[]) => ({
      differences: [],
      unseen: [],
      withdrawn: [{ role: 'web', table, columns }],
    });
    expect(
      detailAccess(nobody, [
        of('public.notes', ['id']),
        of('public.notes', ['id', 'at']),
        of('public.a', ['id']),
      ]),
    ).toContain(
      'web could insert rows with values of their own for these columns, and no longer can: id of public.a; id and at of public.notes',
    );
    expect(detailAccess(nobody, [{ differences: [], unseen: [] }])).toEqual([
      '9 of 9 people read what they read before',
    ]);
  });

  it('says once what was not looked at, of many things some', () => {
    const unseen = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `public.${name}: is no table`);
    const [, told] = detailAccess(nobody, [
      { differences: [], unseen },
      { differences: [], unseen },
    ]);
    expect(told).toBe(`not looked at: ${unseen.slice(0, 5).join('; ')}; and 2 more, in the report`);
  });
});

describe('sayIdle', () => {
  const idle = (table: string) =>
    ({ table, verb: 'add', outcome: 'lost', when: 'open', columns: null }) as const;

  it('says what nothing falls under on any state', () => {
    const results = [{ idle: [idle('public.a'), idle('public.b')] }, { idle: [idle('public.b')] }];
    expect(sayIdle(results)).toEqual([
      'nothing falls under what access.differences declares on any state, and it may be taken out: lost add on public.b (when: open)',
    ]);
    expect(sayIdle([...results, {}])).toEqual([]);
  });
});

describe('sayDifference', () => {
  it('does not say that somebody lost what they never could', () => {
    const difference = {
      outcome: 'lost',
      table: 'public.notes',
      verb: 'read',
      people: 2,
      rows: 3,
      person: null,
      row: null,
      reason: 'access/01_members.sql says that they can',
    } as AccessDifference;
    expect(sayDifference(difference)).toContain('2 people can no longer read 3 rows of public.notes');
    expect(sayDifference({ ...difference, isDeniedAsBefore: true })).toContain(
      '2 people still cannot read 3 rows',
    );
  });
});

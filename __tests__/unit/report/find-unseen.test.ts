import { describe, expect, it } from '@jest/globals';
import { listAllowances } from '../../../src/bundle/list-allowances.js';
import type { Bundle, PreservationResult, SubjectResult } from '../../../src/model.js';
import { findUnseen as findAmong, findMisnamed, listNamed } from '../../../src/report/find-unseen.js';
import { buildRefusedSubject, buildSubject, skipped } from '../../support/build-results.js';
import { aFact } from '../../support/preserved.js';

const bundle = {
  manifest: { path: 'bundle.yml', text: 'changes:\n  - trigger * on public.notes\n' },
  sections: [],
  adds: [],
  drops: [],
  changes: [],
  keyed: null,
  tables: ['public.notes'],
  preserve: [
    {
      name: 'notes',
      from: ['public.notes'],
      to: ['public.notes'],
      merge: false,
      leaves: {},
      notCopied: [],
      notCopiedFrom: null,
      appears: null,
      quarantine: [],
      copies: [],
      facts: [aFact({ name: 'author', columns: ['author', 'writer'] })],
    },
  ],
  access: {
    rules: [{ file: { path: 'access/01_own.sql', text: '' } }],
    people: 'select',
    functions: [],
    differences: [],
  },
} as unknown as Bundle;

const everything = ['public.notes', 'notes.author.author', 'notes.author.writer'];

function subject(seen: readonly string[], seenByPeople: readonly string[], rows = 3): SubjectResult {
  const built = buildSubject();
  const { preservation, access } = built;
  if (preservation.outcome === 'skipped' || access.outcome === 'skipped') throw new Error('both are run');
  const compared: PreservationResult = {
    ...preservation,
    comparison: { ...preservation.comparison, rows, seen },
  };
  return { ...built, preservation: compared, access: { ...access, seen: seenByPeople } };
}

const findUnseen = (of: Bundle, states: readonly SubjectResult[]) => findAmong(listNamed(of, []), states);
const rules = ['access/01_own.sql', 'access.people'];

describe('findUnseen', () => {
  it('finds nothing where one state or another has what the bundle names', () => {
    const states = [
      subject(everything.slice(0, 2), ['access.people']),
      subject(everything.slice(2), rules.slice(0, 1)),
    ];
    expect(findUnseen(bundle, states)).toEqual([]);
  });

  it('names the table, the column, the rule and the people that no state has', () => {
    expect(findUnseen(bundle, [subject([], [])])).toEqual([
      expect.stringContaining('no state has a table public.notes'),
      expect.stringContaining('no state has a column author'),
      expect.stringContaining('no state has a column writer'),
      expect.stringContaining('access/01_own.sql: speaks of no row'),
      expect.stringContaining('access.people names nobody'),
    ]);
  });

  it('says that states without a row prove nothing', () => {
    expect(findUnseen(bundle, [subject(everything, rules, 0)])).toEqual([
      expect.stringContaining('No state holds a row'),
    ]);
    expect(findUnseen(bundle, [subject(everything, rules, 0), subject(everything, rules)])).toEqual([]);
  });

  it('leaves to what failed that it failed, and asks no state that must be refused', () => {
    const failed = { ...subject([], []), preservation: skipped() };
    expect(findUnseen(bundle, [failed])).toEqual([]);
    expect(findUnseen(bundle, [buildRefusedSubject(), subject(everything, rules)])).toEqual([]);
  });

  it('names a condition that every row meets, and states of which none is repaired', () => {
    const [notes] = bundle.preserve;
    const quarantine = [{ reason: 'nobody wrote it', when: 'said.author is null' }];
    const strict = { ...bundle, preserve: [{ ...notes, quarantine }] } as Bundle;
    expect(findUnseen(strict, [subject(everything, rules)])).toEqual([
      expect.stringContaining('whose reason is "nobody wrote it"'),
    ]);
    const spared = [...everything, 'notes quarantine not nobody wrote it'];
    expect(findUnseen(strict, [subject(spared, rules)])).toEqual([]);
    expect(findUnseen(bundle, [buildRefusedSubject()])).toEqual([
      expect.stringContaining('No state is repaired'),
    ]);
  });

  it('names what the manifest lets differ and no state has a use for', () => {
    const differences = [
      {
        table: 'public.notes',
        verb: 'read',
        outcome: 'gained',
        when: 'shut',
        columns: null,
        columnsFrom: null,
        reason: 'nobody could',
      },
    ];
    const open = {
      ...bundle,
      adds: ['public.notes.colour'],
      drops: ['trigger audit on public.notes'],
      changes: ['trigger * on public.notes'],
      keyed: { retype: true, detach: false, quarantine: false },
      preserve: [
        {
          ...bundle.preserve[0],
          merge: true,
          leaves: { kind: 'any' },
          appears: 'true',
          copies: ['a copy'],
          facts: [
            aFact({
              name: 'author',
              columns: ['author', 'writer'],
              normalise: 'lower(value)',
              gap: 'value is null',
              fill: 'true',
            }),
          ],
        },
      ],
      access: { ...bundle.access, functions: ['public.mine'], differences },
    } as unknown as Bundle;
    const keys = listAllowances(open).map(({ key }) => key);
    const unused = findUnseen(open, [subject(everything, rules)]);
    expect(unused).toHaveLength(keys.length);
    expect(unused).toContain(
      'bundle.yml:2: in no state is there what changes names as trigger * on public.notes. Take it out, or add a state that has a use for it.',
    );
    for (const key of keys)
      expect(
        findUnseen(open, [subject([...everything, ...keys.filter((one) => one !== key)], rules)]),
      ).toHaveLength(1);
    expect(findUnseen(open, [subject([...everything, ...keys], rules)])).toEqual([]);
  });

  it('says where it is named and what may be meant, where that is known', () => {
    const known = { key: 'public.notes', line: 5, text: 'no state has it' };
    expect(findAmong(listNamed(bundle, [known]), [subject([], [])])).toContain(
      'bundle.yml:5: no state has it.',
    );
  });

  it('holds of some states against it only what no SQL names and none of them has', () => {
    const unmentioned = everything.map((key) => ({ key, line: 7, text: `no ${key}` }));
    expect(findMisnamed(unmentioned, [subject(everything.slice(1), [], 0)])).toEqual([
      'bundle.yml:7: no public.notes.',
    ]);
    expect(findMisnamed([], [subject([], [], 0)])).toEqual([]);
    expect(findMisnamed(unmentioned, [{ ...subject([], []), preservation: skipped() }])).toEqual([]);
  });

  it('asks no rules where access was not proven', () => {
    const unproven = { ...subject(everything, []), access: skipped() };
    expect(findUnseen(bundle, [unproven])).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Bundle, PreservationResult, SubjectResult } from '../../../src/model.js';
import { findUnseen as findAmong, findMisnamed, listNamed } from '../../../src/report/find-unseen.js';
import { buildRefusedSubject, buildSubject, skipped } from '../../support/build-results.js';
import { aFact } from '../../support/preserved.js';

const bundle = {
  tables: ['public.notes'],
  preserve: [
    {
      name: 'notes',
      from: ['public.notes'],
      to: ['public.notes'],
      quarantine: [],
      copies: [],
      facts: [aFact({ name: 'author', columns: ['author', 'writer'] })],
    },
  ],
  access: { rules: [{ file: { path: 'access/01_own.sql', text: '' } }], people: 'select' },
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

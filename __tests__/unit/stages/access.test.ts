import { describe, expect, it } from '@jest/globals';
import { compareTriggers } from '../../../src/stages/access/compare-triggers.js';
import { beginDeclared } from '../../../src/stages/access/declared.js';
import { comparePrivileges } from '../../../src/stages/access/judge-privileges.js';
import type { Observation, Sight } from '../../../src/stages/access/observation.js';
import { parseRow } from '../../../src/stages/access/parse-row.js';
import { recogniseRows } from '../../../src/stages/access/recognise-rows.js';
import type { Role } from '../../../src/stages/api-roles.js';

describe('parseRow', () => {
  it('reads what Postgres writes: nulls, empty texts, commas, quotes and backslashes', () => {
    const row = parseRow('(1,,"","a,b","say ""yes""","back\\\\slash")', ['a', 'b', 'c', 'd', 'e', 'f']);
    expect([...row.values()]).toEqual(['1', null, '', 'a,b', 'say "yes"', 'back\\slash']);
  });
});

type Values = Readonly<Record<string, string | null>>;

function sightOf(table: string, rows: readonly Values[]): Sight {
  return {
    table,
    kind: 'r',
    columns: Object.keys(rows[0] ?? {}),
    roles: new Map(),
    abilities: [],
    copied: [],
    rows: rows.map((values, index) => ({ place: `1(0,${index})`, values: new Map(Object.entries(values)) })),
  };
}

function observed(...sights: Sight[]): Observation {
  return { people: [], unseen: [], sights: new Map(sights.map((sight) => [sight.table, sight])) };
}

const fixed = {
  columnsFrom: null,
  normalise: null,
  comparedAs: null,
  gap: null,
  fill: null,
  isMadeUnique: false,
} as const;
const members = {
  name: 'members',
  from: ['public.old', 'public.new'],
  to: ['public.new'],
  merge: true,
  facts: [
    { name: 'room', columns: ['room', 'chat'], type: 'text' as const, ...fixed },
    { name: 'person', columns: ['person', 'user'], type: 'text' as const, ...fixed },
  ],
};

describe('recogniseRows', () => {
  it('follows a row that moved, and whose columns are called otherwise', () => {
    const before = observed(
      sightOf('public.old', [
        { chat: 'lunch', user: 'ann', since: '2025-01-01 00:00:00' },
        { chat: 'lunch', user: 'ben', since: '2025-01-01 00:00:00' },
      ]),
    );
    const after = observed(
      sightOf('public.new', [
        { room: 'lunch', person: 'ben', since: '2025-01-01 00:00:00+00' },
        { room: 'lunch', person: 'ann', since: '2025-01-01 00:00:00+00' },
      ]),
    );
    expect(recogniseRows(before, after, [members]).images.get('public.old')).toEqual([
      [{ table: 'public.new', row: 1 }],
      [{ table: 'public.new', row: 0 }],
    ]);
  });

  it('does not take another row for one that is gone, whatever they have in common', () => {
    const before = observed(sightOf('public.new', [{ room: 'lunch', person: 'ann', note: 'x' }]));
    const after = observed(sightOf('public.new', [{ room: 'lunch', person: 'ben', note: 'x' }]));
    expect(recogniseRows(before, after, [members]).images.get('public.new')).toEqual([[]]);
  });

  it('follows a row whose room was a word, and takes no row of another room for it', () => {
    const [lunch, club] = ['1'.repeat(32), '2'.repeat(32)];
    const rooms = {
      ...members,
      facts: [
        { ...members.facts[0], type: 'uuid' as const, normalise: 'room_uuid(value)' },
        members.facts[1],
      ],
    } as typeof members;
    const before = observed(
      sightOf('public.old', [
        { room: 'lunch', person: 'ann', role: 'member' },
        { room: club, person: 'ann', role: '' },
        { room: 'tea', person: 'ben', role: 'member' },
      ]),
      sightOf('public.new', []),
    );
    const after = observed(
      sightOf('public.old', [{ room: club, person: 'ann', role: 'member' }]),
      sightOf('public.new', [{ room: lunch, person: 'ann' }]),
    );
    expect(recogniseRows(before, after, [rooms]).images.get('public.old')?.slice(0, 2)).toEqual([
      [{ table: 'public.new', row: 0 }],
      [{ table: 'public.old', row: 0 }],
    ]);
  });

  it('keeps two equal rows apart', () => {
    const rows = [
      { room: 'lunch', person: 'ann' },
      { room: 'lunch', person: 'ann' },
    ];
    const kinship = recogniseRows(
      observed(sightOf('public.new', rows)),
      observed(sightOf('public.new', rows)),
      [members],
    );
    expect(kinship.sources.get('public.new')?.map((sources) => sources.length)).toEqual([1, 1]);
  });
});

describe('comparePrivileges', () => {
  const nothing = observed();
  const compare = (before: Role, after: Role) =>
    comparePrivileges({
      before: nothing,
      after: nothing,
      declared: beginDeclared([]),
      tables: [],
      roles: { before: [before], after: [after] },
    });
  const role = {
    role: 'app_user',
    isUnbound: false,
    isWithinReach: true,
    attributes: '',
  };

  it('finds a role that became a member of another', () => {
    expect(compare(role, { ...role, attributes: 'member of notes_owner' })).toEqual([
      'the role app_user is now member of notes_owner; it was nothing in particular: leave it as it was',
    ]);
    expect(compare(role, role)).toEqual([]);
  });
});

describe('compareTriggers', () => {
  const tell = {
    function: 'public.tell',
    signature: 'public.tell()',
    name: 'tell',
    relation: 'public.notes',
    definition: 'd',
    written: 'w',
    parts: 'p',
  };
  const compare = (before: (typeof tell)[], after: (typeof tell)[], functions: string[] = []) =>
    compareTriggers({ before, after, access: { functions } });

  it('finds a trigger that is new, another or of another function, and not declared', () => {
    expect(compare([], [tell])).toEqual([
      "whoever writes public.notes sets off public.tell() by the trigger tell, which acts with its owner's rights and is new: declare it under access.functions of bundle.yml",
    ]);
    expect(compare([], [tell], ['public.tell'])).toEqual([]);
    for (const other of [
      { ...tell, definition: 'x' },
      { ...tell, signature: 'public.say()' },
      { ...tell, written: 'x', parts: 'x' },
    ])
      expect(compare([tell], [other])).toEqual([expect.stringContaining('is another than before')]);
  });

  it('knows it again on a table of another name, and made again', () => {
    expect(compare([tell], [{ ...tell, relation: 'public.memos', written: 'x' }])).toEqual([]);
    expect(compare([tell], [{ ...tell, parts: 'x' }])).toEqual([]);
    expect(compare([tell], [])).toEqual([]);
  });
});

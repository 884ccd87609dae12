/** A table or view as roles of the API may touch it → its rows, and which of them each person can read, change, delete and add a copy of. */
import type { Session } from '../../database/with-session.js';
import { groupBy } from '../../group-by.js';
import { chooseCopies } from './choose-copies.js';
import { copyThroughView, takesCopiesOf } from './copy-through-view.js';
import type { Ability, RoleSight, Row, Sight } from './observation.js';
import type { ObserveOptions } from './observe.js';
import { parseRow } from './parse-row.js';
import type { Person } from './people.js';
import {
  type Answer,
  type Column,
  isError,
  isToldByPlace,
  mayTry,
  nameOf,
  placeOf,
  type Relation,
  readableColumns,
  tableOf,
  type Verb,
} from './relation.js';
import type { Listed } from './sample-rows.js';
import { tryOut } from './try-out.js';

interface LookOptions extends Pick<ObserveOptions, 'clientSettings' | 'longest'> {
  readonly tries: readonly Verb[];
  /** The relation as those roles may touch it that are tried. */
  readonly tried: readonly Relation[];
  /** Of a large table: its rows. */
  readonly sample: (() => Promise<readonly Listed[]>) | null;
  /** What bore its name before the fix. */
  readonly before: Sight | undefined;
}

/** One table or view, and what the people of each role can do with it. */
export async function lookAt(
  session: Session,
  people: readonly Person[],
  ofRoles: readonly [Relation, ...Relation[]],
  { tries, clientSettings, longest, tried: relations, sample, before }: LookOptions,
): Promise<Sight> {
  const [first] = ofRoles;
  const listed = sample === null ? await list(session, first) : await sample();
  const rows: Row[] = listed.map(({ place, told }) => ({
    place,
    values: parseRow(
      told,
      first.columns.map(({ name }) => name),
    ),
  }));
  const byPlace = new Map(listed.map(({ place }, index) => [place, index]));
  const abilities: Record<Verb, Ability>[] = people.map(() => none());
  const copied: Set<number>[] = people.map(() => new Set());
  const ofRole = ({ role }: Relation) =>
    people.map((person, index) => ({ person, index })).filter(({ person }) => person.role === role);
  for (const relation of relations) {
    const mine = ofRole(relation);
    const tried = tries.filter((verb) => mayTry(relation, verb));
    const isPlaced = isToldByPlace(relation);
    // Nothing is there to be read, changed or copied.
    if (tried.length === 0 || (isPlaced && rows.length === 0)) continue;
    const own =
      isPlaced && tries.includes('add')
        ? chooseCopies(
            rows,
            mine.map(({ person }) => person),
          )
        : null;
    const answers = await tryOut(session, relation, {
      verbs: isPlaced ? tried : tried.filter((verb) => verb !== 'add'),
      people: mine.map(({ person }) => person),
      ids: isPlaced ? listed.map(({ place }) => place) : [],
      copies: own?.copies.map((row) => listed[row]?.told ?? '') ?? [],
      choices: own?.choices ?? mine.map(() => []),
      clientSettings,
      longest,
      isSampled: sample !== null,
    });
    const recognise = isPlaced
      ? (id: string) => [byPlace.get(id) ?? 0]
      : recogniseContent(rows, readableColumns(relation));
    for (const [position, { index }] of mine.entries()) {
      for (const choice of own?.choices[position] ?? []) copied[index]?.add(own?.copies[choice] ?? 0);
      for (const verb of tried) {
        const answer = answers[position]?.[verb] ?? [];
        (abilities[index] as Record<Verb, Ability>)[verb] = toAbility(answer, (id) =>
          verb === 'add' && own !== null ? [own.copies[Number(id)] ?? 0] : recognise(id),
        );
      }
    }
  }
  // What the view shows is known by now.
  for (const relation of tries.includes('add') ? relations : []) {
    if (!takesCopiesOf(before, relation)) continue;
    const keyOf = keyBy(
      first.columns.map(({ name }) => name).filter((name) => before.columns.includes(name)),
    );
    const shown = groupBy([...rows.keys()], (row) => keyOf(rows[row] as Row));
    const asShown = (row: number) => shown.get(keyOf(before.rows[row] as Row)) ?? [];
    for (const { person, rows: tried, answer } of await copyThroughView(session, relation, {
      before,
      people: ofRole(relation),
      clientSettings,
      longest,
    })) {
      for (const row of [...(before.copied[person] ?? [])].flatMap(asShown)) copied[person]?.add(row);
      (abilities[person] as Record<Verb, Ability>).add = toAbility(answer, (id) =>
        asShown(tried[Number(id)] ?? 0),
      );
    }
  }
  return { ...toSight(ofRoles), rows, abilities, copied, ...(sample === null ? {} : { isSampled: true }) };
}

/** What roles may do with it by their privileges. */
export function toSight(
  ofRoles: readonly [Relation, ...Relation[]],
): Omit<Sight, 'rows' | 'abilities' | 'copied'> {
  const [first] = ofRoles;
  return {
    table: nameOf(first),
    kind: first.kind,
    columns: first.columns.map(({ name }) => name),
    roles: new Map(ofRoles.map((relation) => [relation.role, toRoleSight(relation)])),
  };
}

function toRoleSight(relation: Relation): RoleSight {
  const { columns, deletes, isGuarded, rules, policies, commands } = relation;
  const named = (may: (column: Column) => boolean) => columns.filter(may).map(({ name }) => name);
  return {
    reads: readableColumns(relation),
    // A privilege that no policy ever lets be used is none.
    changes: commands.includes('w') ? named(({ changes }) => changes) : [],
    adds: commands.includes('a') ? named(({ adds }) => adds) : [],
    deletes,
    isGuarded,
    rules,
    policies,
  };
}

const none = (): Record<Verb, Ability> => ({
  read: new Set(),
  change: new Set(),
  delete: new Set(),
  add: new Set(),
});

function toAbility(answer: Answer, recognise: (id: string) => readonly number[]): Ability {
  if (!isError(answer)) return new Set(answer.flatMap(recognise));
  return namesObjectsAlone.test(answer.message) ? answer : { ...answer, message: '' };
}

/** Of any other error only the code is told: a policy's function may raise what is in a row, under whatever code. */
const namesObjectsAlone =
  /^(infinite recursion detected in policy for relation "[^"]*"|permission denied for [a-z ]+ \S+|division by zero|(relation|column|function|schema|type|operator) .* does not exist|stack depth limit exceeded)$/;

const keyBy =
  (columns: readonly string[]) =>
  ({ values }: Row): string =>
    JSON.stringify(columns.map((column) => values.get(column) ?? null));

/**
 * Rows by what is read of them; those that say the same are one to whoever reads no more. A row that was not listed, of a view,
 * is added to `rows`.
 */
function recogniseContent(rows: Row[], columns: readonly string[]): (text: string) => readonly number[] {
  const keyOf = keyBy(columns);
  const known = new Map([...groupBy([...rows.keys()], (row) => keyOf(rows[row] as Row))]);
  return (text) => {
    const row: Row = { place: null, values: parseRow(text, columns) };
    const found = known.get(keyOf(row));
    if (found !== undefined) return found;
    known.set(keyOf(row), [rows.push(row) - 1]);
    return [rows.length - 1];
  };
}

/** Every row, as the deployer sees it. A view is asked as its readers only: what it shows may depend on who asks. */
async function list(session: Session, relation: Relation): Promise<Listed[]> {
  if (!relation.isListable || (relation.kind !== 'r' && relation.kind !== 'p')) return [];
  const { rows } = await session.query<Listed>(
    `select ${placeOf('t')} as place, (t.*)::pg_catalog.text as told from ${tableOf(relation)} as t`,
  );
  return rows;
}

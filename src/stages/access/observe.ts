/** An open transaction → which rows of every table and view each person can read, change, delete and add a copy of, there and then. */
import { counted } from '../../counted.js';
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import { small, smallToTry } from '../large-tables.js';
import { chooseCopies } from './choose-copies.js';
import { isCutShort } from './limit-time.js';
import { parseRow } from './parse-row.js';
import type { Person } from './people.js';
import {
  type Answer,
  type Column,
  isError,
  isTable,
  isToldByPlace,
  mayTry,
  nameOf,
  type Policy,
  placeOf,
  type Relation,
  readableColumns,
  tableOf,
  type Verb,
  verbs,
} from './relation.js';
import { findRows, type Known, type Listed, readKey, sampleRows } from './sample-rows.js';
import { tryOut } from './try-out.js';

/** A row of a table or view, as it was found. */
export interface Row {
  /** Where it lies, or null where it is told by its content. */
  readonly place: string | null;
  readonly values: ReadonlyMap<string, string | null>;
}

/** What people can do with one table or view. Rows are numbers, places in `rows`. */
export interface Sight {
  readonly table: string;
  readonly kind: string;
  readonly rows: readonly Row[];
  readonly columns: readonly string[];
  /** What each role of the API may do by its privileges, and under which rules. */
  readonly roles: ReadonlyMap<string, RoleSight>;
  /** What each person can do, in the order of the people; an error where the database gave no answer. */
  readonly abilities: readonly Readonly<Record<Verb, Ability>>[];
  /** Of which rows each person tried to add a copy; of all others nobody knows. */
  readonly copied: readonly ReadonlySet<number>[];
  /** Whether `rows` are some of those there are. */
  readonly isSampled?: boolean;
}

export interface RoleSight {
  readonly reads: readonly string[];
  readonly changes: readonly string[];
  readonly adds: readonly string[];
  readonly deletes: boolean;
  /** Whether policies bind it. */
  readonly isGuarded: boolean;
  readonly rules: string;
  readonly policies: readonly Policy[];
}

export type Ability = ReadonlySet<number> | { readonly sqlstate: string; readonly message: string };

export const isUnknown = (ability: Ability): ability is Exclude<Ability, ReadonlySet<number>> =>
  'sqlstate' in ability;

export interface Observation {
  readonly people: readonly Person[];
  readonly sights: ReadonlyMap<string, Sight>;
  /** Why some of what is there was not looked at. */
  readonly unseen: readonly string[];
  /** Whether what took too long was left. */
  readonly isTimed?: boolean;
}

export interface ObserveOptions {
  /** On a target nothing is tried that writes. */
  readonly triesWrites: boolean;
  /** The tables that the fix is about, whoever may touch them. */
  readonly tables: readonly string[];
  /** What a client has set: then people read alone. */
  readonly clientSettings?: Readonly<Record<string, string>> | undefined;
  /** After the fix, of tables that were sampled: those rows are looked for again. */
  readonly known?: Known | undefined;
  /** Milliseconds that trying out one table as the people of one role may take, where others wait. */
  readonly longest?: number | undefined;
}

export async function observe(
  session: Session,
  people: readonly Person[],
  { tables, triesWrites, clientSettings, known, longest }: ObserveOptions,
): Promise<Observation> {
  const roles = [...new Set(people.map(({ role }) => role))];
  const { rows: relations } = await session.query<Relation>(engineSql('access_relations'), [roles, tables]);
  const sights = new Map<string, Sight>();
  const unseen: string[] = [];
  for (const [table, ofRoles] of groupBy(relations, nameOf)) {
    const obstacle = triesWrites ? null : obstacleOnTarget(ofRoles[0] as Relation);
    if (obstacle !== null) {
      unseen.push(`${table}: ${obstacle}`);
      continue;
    }
    const [first] = ofRoles as [Relation, ...Relation[]];
    const isLarge = !triesWrites && isLarger(first, small);
    let isSampled = !triesWrites && isLarger(first, smallToTry);
    if (isSampled) {
      const reason = await obstacleToSample(session, first);
      if (isLarge && reason !== null) {
        unseen.push(`${table}: ${reason}`);
        continue;
      }
      // Of one in between, all is tried where some of it could not be.
      isSampled = isLarge || (reason === null && ofRoles.every(readsWholeIfAny));
    }
    const tried = isSampled ? ofRoles.filter(({ readsWhole }) => readsWhole) : ofRoles;
    for (const { role, columns } of ofRoles.filter((one) => !tried.includes(one))) {
      if (columns.some(({ reads }) => reads))
        unseen.push(
          `${table}: ${role} reads some of its columns alone, and it is too large to be read whole`,
        );
    }
    const tries = triesWrites && clientSettings === undefined ? verbs : (['read'] as const);
    const look = { tries, clientSettings, longest, tried };
    const looked = await lookAt(session, people, ofRoles as [Relation, ...Relation[]], {
      ...look,
      sample: isSampled
        ? () => (known === undefined ? sampleRows(session, first, people) : findRows(session, first, known))
        : null,
    });
    sights.set(table, looked);
    unseen.push(...(longest === undefined ? [] : sayCutShort(looked, longest)));
    if (looked.kind === 'f') unseen.push(`${table} is a foreign table, so its rows are elsewhere`);
  }
  return { people, sights, unseen, isTimed: longest !== undefined };
}

function sayCutShort({ table, abilities }: Sight, longest: number): string[] {
  const left = abilities.filter(({ read }) => isUnknown(read) && isCutShort(read)).length;
  return left === 0
    ? []
    : [`${table}: ${counted(left, 'person', 'people')} not tried, because it took longer than ${longest} ms`];
}

/** What roles may do by their privileges, without trying it. `unseen`: of the given tables, those that cannot be tried here. */
export async function observePrivileges(
  session: Session,
  roles: readonly string[],
  tables: readonly string[],
): Promise<Observation> {
  const { rows: relations } = await session.query<Relation>(engineSql('access_relations'), [roles, tables]);
  const groups = [...groupBy(relations, nameOf)] as [string, [Relation, ...Relation[]]][];
  return {
    people: [],
    sights: new Map(
      groups.map(([table, ofRoles]) => [table, { ...toSight(ofRoles), rows: [], abilities: [], copied: [] }]),
    ),
    unseen: groups.flatMap(([table, [first]]) => {
      const obstacle = tables.includes(table) ? obstacleOnTarget(first) : null;
      return obstacle === null ? [] : [`${table}: ${obstacle}`];
    }),
  };
}

function obstacleOnTarget(relation: Relation): string | null {
  if (!isTable(relation)) return 'is no table, and what it would run is not for a target';
  return relation.isStrangers ? 'a role of the API owns it or what its policies ask' : null;
}

const isLarger = (relation: Relation, bytes: number): boolean =>
  isTable(relation) && Number(relation.bytes) > bytes;

const readsWholeIfAny = ({ readsWhole, columns }: Relation): boolean =>
  readsWhole || !columns.some(({ reads }) => reads);

async function obstacleToSample(session: Session, relation: Relation): Promise<string | null> {
  if (!relation.isListable)
    return 'is too large to be read while others wait, and hides rows from the deployer';
  const key = await readKey(session, relation);
  return key.length > 0
    ? null
    : 'is too large to be read while others wait, and without a primary key its rows cannot be found again';
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

interface LookOptions extends Pick<ObserveOptions, 'clientSettings' | 'longest'> {
  readonly tries: readonly Verb[];
  /** The relation as those roles may touch it that are tried. */
  readonly tried: readonly Relation[];
  /** Of a large table: its rows. */
  readonly sample: (() => Promise<readonly Listed[]>) | null;
}

async function lookAt(
  session: Session,
  people: readonly Person[],
  ofRoles: readonly [Relation, ...Relation[]],
  { tries, clientSettings, longest, tried: relations, sample }: LookOptions,
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
  for (const relation of relations) {
    const mine = people
      .map((person, index) => ({ person, index }))
      .filter(({ person }) => person.role === relation.role);
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
  return { ...toSight(ofRoles), rows, abilities, copied, ...(sample === null ? {} : { isSampled: true }) };
}

function toSight(ofRoles: readonly [Relation, ...Relation[]]): Omit<Sight, 'rows' | 'abilities' | 'copied'> {
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

/**
 * Rows by what is read of them; those that say the same are one to whoever reads no more. A row that was not listed, of a view,
 * is added to `rows`.
 */
function recogniseContent(rows: Row[], columns: readonly string[]): (text: string) => readonly number[] {
  const keyOf = ({ values }: Row) => JSON.stringify(columns.map((column) => values.get(column) ?? null));
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

/** What people could write before the fix, as their application does, tried again after it → what they have lost, a sentence each. */
import { counted } from '../../counted.js';
import type { Session } from '../../database/with-session.js';
import type { Bundle } from '../../model.js';
import { declaredNames } from '../preservation/compare-objects.js';
import { isCutShort } from './limit-time.js';
import { groupBy, type Observation, type Sight } from './observe.js';
import { attemptOf, type Deed, type OrdinaryWrites, placeIn, readWritable } from './ordinary-writes.js';
import { reachOf } from './reach.js';
import type { Kinship } from './recognise-rows.js';
import {
  type Attempt,
  isRefusal,
  type Refusal,
  tryWrites,
  type Way,
  withSequencesPutBack,
} from './try-writes.js';
import {
  addition,
  additions,
  type Column,
  changesOf,
  isSent,
  relationOf,
  type Writable,
} from './ways-of-writing.js';

export interface ComparedWrites {
  readonly before: Observation;
  readonly after: Observation;
  readonly kinship: Kinship;
  readonly notes: OrdinaryWrites;
  readonly changes: Bundle['changes'];
}

export interface ToldOfWrites {
  readonly reasons: readonly string[];
  /** What `changes` declares of them, as it is written there. */
  readonly declared: readonly string[];
}

export async function compareOrdinaryWrites(
  session: Session,
  { before, after, kinship, notes, changes }: ComparedWrites,
): Promise<ToldOfWrites> {
  const tables = await readWritable(session, [...notes.tables.keys()]);
  const isDeclared = declaredNames(changes);
  const lost: Lost[] = [];
  const untried: string[] = [];
  await withSequencesPutBack(session, async () => {
    for (const [name, deeds] of groupBy(notes.deeds, (one) => one.table)) {
      const [then, now, sight] = [notes.tables.get(name), tables.get(name), after.sights.get(name)];
      if (then === undefined || now === undefined || sight === undefined) continue;
      const again = deeds.flatMap((deed) => repeated(deed, { before, after, kinship, then, now, sight }));
      const told = await tryAgain(session, now, again);
      untried.push(...tellUntried(now, told, isDeclared));
      lost.push(...(await findLost(session, now, told)));
    }
  });
  const named = [...groupBy(lost, ({ name, refusal }) => `${name} ${sayAnswer(refusal)}`).values()];
  return {
    reasons: [
      ...named
        .filter((ones) => ones[0] !== undefined && !isExcused(ones[0], isDeclared))
        .map((ones) => tell(ones as [Lost, ...Lost[]])),
      ...untried,
    ],
    declared: changes.filter((change) =>
      named.some(([one]) => one && isExcused(one, declaredNames([change]))),
    ),
  };
}

interface Again {
  readonly deed: Deed;
  readonly columns: readonly Column[];
  readonly attempt: Attempt;
  /** The same with all columns that there are now, or without asking for the row. */
  readonly controls: Attempt | null;
}

interface Answered {
  readonly deed: Deed;
  readonly columns: readonly Column[];
  readonly refusal: Refusal;
  /** What is there now: who knows the new columns, and does not ask for the row, can do it. */
  readonly isOldWay: boolean;
}

/** null: as before. A control that took too long answers for what it was to control. */
async function tryAgain(
  session: Session,
  table: Writable,
  again: readonly Again[],
): Promise<(Omit<Answered, 'refusal'> & { readonly refusal: Refusal | null })[]> {
  const relation = relationOf(table);
  const outcomes = await tryWrites(
    session,
    relation,
    again.map(({ attempt }) => attempt),
  );
  const answered = again.map(({ deed, columns, controls }, index) => {
    const outcome = outcomes[index];
    return { deed, columns, controls, refusal: outcome !== undefined && isRefusal(outcome) ? outcome : null };
  });
  const controlled = answered.filter(({ controls, refusal }) => controls !== null && refusal !== null);
  const controls = controlled.flatMap((one) => one.controls ?? []);
  const possible = await tryWrites(session, relation, controls);
  return answered.map(({ deed, columns, refusal }, index) => {
    const place = controlled.indexOf(answered[index] as (typeof answered)[number]);
    const outcome = place < 0 ? undefined : possible[place];
    const isUntried = outcome !== undefined && isRefusal(outcome) && isCutShort(outcome);
    return {
      deed,
      columns,
      refusal: isUntried ? outcome : refusal,
      isOldWay: outcome !== undefined && !isRefusal(outcome),
    };
  });
}

/** Of the table itself, not of one that its triggers write into. */
const isOfPolicies = ({ sqlstate, message }: Refusal, { table }: Pick<Writable, 'table'>): boolean =>
  sqlstate === '42501' &&
  message.startsWith('new row violates row-level security policy ') &&
  message.endsWith(` for table "${table.slice(table.indexOf('.') + 1)}"`);

/** The same of what its row has become, where whoever did it may still do it to some row. */
function repeated(
  deed: Deed,
  {
    before,
    after,
    kinship,
    then,
    now,
    sight,
  }: {
    readonly before: Observation;
    readonly after: Observation;
    readonly kinship: Kinship;
    readonly then: Writable;
    readonly now: Writable;
    readonly sight: Sight;
  },
): Again[] {
  const imageOf = (row: number | null) =>
    row === null
      ? undefined
      : kinship.images.get(deed.table)?.[row]?.find(({ table }) => table === deed.table)?.row;
  const row = imageOf(deed.row);
  const role = after.people[deed.person]?.role ?? '';
  const may = sight.roles.get(role);
  if (row === undefined || may === undefined || before.people[deed.person]?.role !== role) return [];
  const verb = deed.change === null ? 'add' : 'change';
  const reach = reachOf(after, { table: deed.table, row }, deed.person, verb);
  if (reach !== 'yes') return [];
  // Under whatever name it has now.
  const written = deed.columns.map((column) => {
    const found = now.columns.find((one) =>
      then.oid === now.oid ? one.number === column.number : one.name === column.name,
    );
    const names = deed.change === null ? may.adds : may.changes;
    return {
      column,
      found,
      isWritten: found !== undefined && !found.isComputed && names.includes(found.name),
    };
  });
  const columns = written.flatMap(({ found, isWritten }) =>
    found !== undefined && isWritten ? [found] : [],
  );
  // Who had to say something that is there and may be said no more is told of by the privileges of columns.
  const isUnsaid = written.some(
    ({ column, found, isWritten }) => found !== undefined && !isWritten && !column.hasDefault,
  );
  if (columns.length === 0 || isUnsaid) return [];
  const adds = { ...(additions[deed.way] ?? additions[0]), returned: may.reads[0] ?? null };
  const way =
    deed.change === null
      ? addition(now, columns, adds)
      : changesOf(now, columns[0] as Column, placeIn(sight, imageOf(deed.change.donor) ?? null))[deed.way];
  if (way === undefined || placeIn(sight, row) === null) return [];
  const attemptTo = (ways: readonly Way[]) => attemptOf(after, sight, deed, { row, ways });
  const all = now.columns.filter((one) => isSent(one, may.adds));
  const controls = [
    addition(now, all, adds),
    ...(adds.returns ? [columns, all].map((sent) => addition(now, sent, { ...adds, returns: false })) : []),
  ];
  return [
    {
      deed,
      columns,
      attempt: attemptTo([way]),
      controls: deed.change === null ? attemptTo(controls) : null,
    },
  ];
}

interface Lost {
  readonly deed: Deed;
  /** What a manifest writes to let it be. */
  readonly name: string;
  readonly table: string;
  readonly refusal: Refusal;
}

type Told = Awaited<ReturnType<typeof tryAgain>>;

/** Somebody who can write one of several in the old way has not lost it. */
function withoutThoseWhoCan(told: Told): Answered[] {
  const keyOf = ({ person, change, columns }: Deed) =>
    JSON.stringify([person, change === null ? null : columns[0]?.name]);
  return [...groupBy(told, ({ deed }) => keyOf(deed)).values()].flatMap((ones) => {
    const refused = ones.flatMap(({ refusal, ...one }) => (refusal === null ? [] : [{ ...one, refusal }]));
    return refused.length < ones.length ? [] : refused;
  });
}

const nameIn = (table: string, { deed, columns }: Pick<Answered, 'deed' | 'columns'>): string =>
  deed.change === null ? `additions to ${table}` : `changes of ${columns[0]?.name} on ${table}`;

async function findLost(session: Session, { table, oid }: Writable, told: Told): Promise<Lost[]> {
  const found: Lost[] = [];
  for (const one of withoutThoseWhoCan(told)) {
    if (isCutShort(one.refusal) || (await isMeant(session, { oid, table }, one))) continue;
    found.push({ deed: one.deed, name: nameIn(table, one), table, refusal: one.refusal });
  }
  return found;
}

/** What could be written before, and of which nobody knows whether it still can. */
function tellUntried({ table }: Writable, told: Told, isDeclared: (name: string) => boolean): string[] {
  const untried = withoutThoseWhoCan(told).filter(
    (one) => isCutShort(one.refusal) && !isDeclared(nameIn(table, one)),
  );
  if (untried.length === 0) return [];
  const people = counted(new Set(untried.map(({ deed }) => deed.person)).size, 'person', 'people');
  return [
    `whether ${people} of those tried can still write rows of ${table} as an application did is not known: a write took longer than statement-timeout allows, and none was tried after it. Find what is slow in its triggers, or allow more time with statement-timeout`,
  ];
}

/** What says nothing of it: a value that is there already, or one that the table's own rules do not want. */
async function isMeant(
  session: Session,
  { oid, table }: Pick<Writable, 'oid' | 'table'>,
  { deed, columns, refusal, isOldWay }: Answered,
): Promise<boolean> {
  const { sqlstate, message, constraint } = refusal;
  if (/^(55P03|40|P0002|P0003|22|SFU)/.test(sqlstate)) return true;
  if (deed.change !== null) {
    if (isOfPolicies(refusal, { table })) return columns[0]?.category !== 'D';
    return !(/^42/.test(sqlstate) && namesObjectsAlone.test(message));
  }
  if (sqlstate !== '23505' && sqlstate !== '23P01') {
    if (isOldWay) return false;
    // A value that was made up, or the place of a row that gave somebody a right, may be what is refused.
    return isOfPolicies(refusal, { table }) || !namesObjectsAlone.test(message);
  }
  const { rows } = await session.query<{ names: (string | null)[] }>(
    `select array(
         select a.attname::text
         from pg_catalog.unnest(i.indkey::int[]) as k (number)
         left join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and k.number = a.attnum and a.attnum > 0
     ) as names
     from pg_catalog.pg_index as i
     inner join pg_catalog.pg_class as c on i.indexrelid = c.oid
     where i.indrelid = $1::pg_catalog.oid and c.relname = $2`,
    [oid, constraint],
  );
  // Who adds the same twice is refused by a key that is over what was sent.
  return rows.every(({ names }) =>
    names.some((name) => name === null || columns.some((one) => one.name === name)),
  );
}

/** Of any other error only the code is told: a trigger may raise what is in a row. */
const namesObjectsAlone =
  /^(new row violates row-level security policy .*for table "[^"]*"|permission denied for [a-z ]+ \S+|null value in column "[^"]*" of relation "[^"]*" violates not-null constraint|new row for relation "[^"]*" violates check constraint "[^"]*"|(insert or update|update or delete) on table "[^"]*" violates foreign key constraint "[^"]*".*|duplicate key value violates unique constraint "[^"]*"|(relation|column|function|schema|type|operator) .* does not exist)$/;

const sayAnswer = ({ sqlstate, message }: Refusal): string =>
  namesObjectsAlone.test(message) ? `${sqlstate}, ${message}` : sqlstate;

/** By its own name, or as what refuses it. */
function isExcused({ name, table, refusal }: Lost, isDeclared: (name: string) => boolean): boolean {
  const { sqlstate, column, constraint } = refusal;
  return (
    isDeclared(name) ||
    (sqlstate === '23502' && isDeclared(`not null ${column} on ${table}`)) ||
    (/^23/.test(sqlstate) && constraint !== '' && isDeclared(`constraint ${constraint} on ${table}`))
  );
}

function tell(ones: readonly [Lost, ...Lost[]]): string {
  const [{ deed, name, table, refusal }] = ones;
  const people = counted(new Set(ones.map((one) => one.deed.person)).size, 'person', 'people');
  const answer = sayAnswer(refusal);
  return deed.change === null
    ? `${people} of those tried can no longer add a row to ${table} as an application did, with the columns that were there, its key given by default: the database answers ${answer}. Give what is new a default that its rules take, or whoever adds the privileges that its triggers need; where it is meant, declare ${name} under changes of bundle.yml`
    : `${people} of those tried can no longer change what a row of ${table} says in ${deed.columns[0]?.name}: the database answers ${answer}. Give whoever changes it the privileges that triggers need, or let the policies show what it becomes; where it is meant, declare ${name} under changes of bundle.yml`;
}

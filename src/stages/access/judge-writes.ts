/** What the server answered to writes that were possible before the fix → what people have lost by it, and a sentence for each loss that nothing declares. */
import { counted } from '../../counted.js';
import type { Session } from '../../database/with-session.js';
import { groupBy } from '../../group-by.js';
import { type Declared, declaredIn, declaredNames } from '../preservation/declared-names.js';
import { isCutShort } from './limit-time.js';
import type { Deed } from './ordinary-writes.js';
import type { Refusal } from './try-writes.js';
import type { Column, Writable } from './ways-of-writing.js';

/** What a deed was answered that was done once more. */
export interface Answered {
  readonly deed: Deed;
  /** Those of the deed that are sent now. */
  readonly columns: readonly Column[];
  /** null: it is possible as before. */
  readonly refusal: Refusal | null;
  /** Those of which what was sent is stored. */
  readonly kept: readonly string[];
  /** Whoever knows the new columns, and does not ask for the row, can do it. */
  readonly isOldWay: boolean;
}

export interface LostWrite {
  readonly deed: Deed;
  /** What a manifest writes to let it be. */
  readonly name: string;
  readonly table: string;
  /** Where time ran out, nobody knows whether it is lost; null: it is stored otherwise. */
  readonly refusal: Refusal | null;
  /** Columns that say something else than what was sent, and said it. */
  readonly altered: readonly string[];
}

export interface ToldOfWrites {
  readonly reasons: readonly string[];
  /** What `changes` declares of them, as it is written there. */
  readonly declared: readonly string[];
}

type Refused = Answered & { readonly refusal: Refusal };

/** The answers of one table. */
export async function findLostWrites(
  session: Session,
  table: Pick<Writable, 'oid' | 'table'>,
  answers: readonly Answered[],
): Promise<LostWrite[]> {
  const found: LostWrite[] = [];
  for (const one of withoutThoseWhoCan(answers)) {
    const { deed, refusal } = one;
    if (await saysNothing(session, table, one)) continue;
    found.push({ deed, name: nameOf(one, table), table: table.table, refusal, altered: [] });
  }
  return found;
}

const nameOf = (
  { deed, columns }: Pick<Answered, 'deed' | 'columns'>,
  { table }: Pick<Writable, 'table'>,
): string => `${deed.change === null ? 'additions to' : `changes of ${columns[0]?.name} on`} ${table}`;

/** What went through and is not there: a trigger or a rule says something else in its place. */
export function findStoredOtherwise(
  table: Pick<Writable, 'table'>,
  answers: readonly Answered[],
  isSame: (one: Column, other: Column) => boolean,
): LostWrite[] {
  return answers.flatMap((one): LostWrite[] => {
    const { deed, columns, refusal, kept } = one;
    const altered = columns.flatMap((column) => {
      const old = deed.columns.find((other) => isSame(other, column));
      return old !== undefined && deed.kept.includes(old.name) && !kept.includes(column.name)
        ? [column.name]
        : [];
    });
    return refusal !== null || altered.length === 0
      ? []
      : [{ deed, name: nameOf(one, table), table: table.table, refusal, altered }];
  });
}

/** Somebody who can write one of several in the old way has not lost it. */
function withoutThoseWhoCan(answers: readonly Answered[]): Refused[] {
  const keyOf = ({ deed: { person, change, columns } }: Answered) =>
    JSON.stringify([person, change === null ? null : columns[0]?.name]);
  return [...groupBy(answers, keyOf).values()].flatMap((ones) => {
    const refused = ones.flatMap(({ refusal, ...one }) => (refusal === null ? [] : [{ ...one, refusal }]));
    return refused.length < ones.length ? [] : refused;
  });
}

/** What says nothing of it: a value that is there already, or one that the table's own rules do not want. */
async function saysNothing(
  session: Session,
  { oid, table }: Pick<Writable, 'oid' | 'table'>,
  { deed, columns, refusal, isOldWay }: Refused,
): Promise<boolean> {
  const { sqlstate, message, constraint } = refusal;
  if (isCutShort(refusal)) return false;
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

/** Of the table itself, not of one that its triggers write into. */
const isOfPolicies = ({ sqlstate, message }: Refusal, { table }: Pick<Writable, 'table'>): boolean =>
  sqlstate === '42501' &&
  message.startsWith('new row violates row-level security policy ') &&
  message.endsWith(` for table "${table.slice(table.indexOf('.') + 1)}"`);

/** Of any other error only the code is told: a trigger may raise what is in a row. */
const namesObjectsAlone =
  /^(new row violates row-level security policy .*for table "[^"]*"|permission denied for [a-z ]+ \S+|null value in column "[^"]*" of relation "[^"]*" violates not-null constraint|new row for relation "[^"]*" violates check constraint "[^"]*"|(insert or update|update or delete) on table "[^"]*" violates foreign key constraint "[^"]*".*|duplicate key value violates unique constraint "[^"]*"|(relation|column|function|schema|type|operator) .* does not exist)$/;

export const sayAnswer = ({ sqlstate, message }: Pick<Refusal, 'sqlstate' | 'message'>): string =>
  namesObjectsAlone.test(message) ? `${sqlstate}, ${message}` : sqlstate;

export function tellLostWrites(
  lost: readonly LostWrite[],
  declared: Declared,
  names: (people: readonly number[]) => string = countThem,
): ToldOfWrites {
  const isDeclared = declaredIn(declared);
  const undeclared = lost.filter((one) => !isExcused(one, isDeclared));
  const keyOf = ({ name, table, refusal, altered }: LostWrite) => {
    if (refusal === null) return `${name} ${altered.join(', ')}`;
    return isCutShort(refusal) ? table : `${name} ${sayAnswer(refusal)}`;
  };
  return {
    reasons: [...groupBy(undeclared, keyOf).values()].map((ones) =>
      tell(ones as [LostWrite, ...LostWrite[]], names),
    ),
    declared: declared.changes.filter((change) =>
      lost.some((one) => isExcused(one, declaredNames([change]))),
    ),
  };
}

/** By its own name, or as what refuses it. */
function isExcused({ name, table, refusal }: LostWrite, isDeclared: (name: string) => boolean): boolean {
  if (refusal === null) return isDeclared(name);
  const { sqlstate, column, constraint } = refusal;
  return (
    isDeclared(name) ||
    (sqlstate === '23502' && isDeclared(`not null ${column} on ${table}`)) ||
    (/^23/.test(sqlstate) && constraint !== '' && isDeclared(`constraint ${constraint} on ${table}`))
  );
}

const countThem = (people: readonly number[]): string =>
  `${counted(people.length, 'person', 'people')} of those tried`;

function tell(
  ones: readonly [LostWrite, ...LostWrite[]],
  names: (people: readonly number[]) => string,
): string {
  const [{ deed, name, table, refusal, altered }] = ones;
  const people = names([...new Set(ones.map((one) => one.deed.person))]);
  if (refusal === null)
    return `what is sent by ${people} for ${altered.join(' and ')} of a row ${deed.change === null ? 'that is added to' : 'that is changed in'} ${table} is not what is stored, and was: a trigger or a rule says something else there. Let it be as it is sent; where it is meant, declare ${name} under changes of bundle.yml`;
  if (isCutShort(refusal))
    return `whether ${people} can still write rows of ${table} as an application did is not known: a write took longer than statement-timeout allows, and none was tried after it. Find what is slow in its triggers, or allow more time with statement-timeout`;
  const answer = sayAnswer(refusal);
  return deed.change === null
    ? `${people} can no longer add a row to ${table} as an application did, with the columns that were there, its key given by default: the database answers ${answer}. Give what is new a default that its rules take, or whoever adds the privileges that its triggers need; where it is meant, declare ${name} under changes of bundle.yml`
    : `${people} can no longer change what a row of ${table} says in ${deed.columns[0]?.name}: the database answers ${answer}. Give whoever changes it the privileges that triggers need, or let the policies show what it becomes; where it is meant, declare ${name} under changes of bundle.yml`;
}

/** An open transaction → which rows of every table and view each person can read, change, delete and add a copy of, there and then. */
import { counted } from '../../counted.js';
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import { groupBy } from '../../group-by.js';
import { small, smallToTry } from '../large-tables.js';
import { isCutShort } from './limit-time.js';
import { lookAt, toSight } from './look-at.js';
import { isUnknown, type Observation, type Sight } from './observation.js';
import type { Person } from './people.js';
import { isTable, nameOf, type Relation, verbs } from './relation.js';
import { findRows, type Known, readKey, sampleRows } from './sample-rows.js';

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
      before: known?.before.sights.get(table),
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

/**
 * Triggers whose functions write and read with the rights of whoever changes a row → whom of those they serve no more, because of what roles
 * may do with the tables behind them. Nobody has to write a log by hand, so that nobody misses the privilege.
 */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import type { RowDifference } from '../../model.js';
import { callsIn, isOfItsOwn, readBody } from './come-alive.js';
import { type Demand, type DemandVerb, readDemands } from './demands.js';
import { bareOf, type DatabaseObject, nameOf } from './read-objects.js';

interface Reach {
  readonly relation: string;
  readonly role: string;
  readonly verb: DemandVerb;
  readonly hasAll: boolean;
  readonly columns: readonly string[];
  readonly rows: 'every row' | 'some rows' | 'no row';
}

/** By table, role and verb; one that may not is not there. */
export type Reaches = ReadonlyMap<string, Reach>;

interface Asked {
  readonly trigger: DatabaseObject;
  readonly events: readonly DemandVerb[];
  readonly demands: readonly (Pick<Demand, 'verb' | 'columns'> & { readonly table: string })[];
}

interface Given {
  readonly before: readonly DatabaseObject[];
  readonly after: readonly DatabaseObject[];
}

/** Of the tables that triggers are on and lead to. */
export async function noteReaches(session: Session, objects: readonly DatabaseObject[]): Promise<Reaches> {
  const tables = new Set(
    asksOf(objects).flatMap(({ trigger, demands }) => [
      trigger.relation,
      ...demands.map(({ table }) => table),
    ]),
  );
  if (tables.size === 0) return new Map();
  const { rows } = await session.query<Reach>(engineSql('reach_of_roles'), [[...tables]]);
  return new Map(rows.map((one) => [keyOf(one.relation, one.role, one.verb), one]));
}

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

export async function findDeprived(
  session: Session,
  { before, after }: Given,
  then: Reaches,
): Promise<RowDifference[]> {
  const now = await noteReaches(session, after);
  const known = new Map(asksOf(before).map((asked) => [nameOf(asked.trigger), asked]));
  return asksOf(after).flatMap((asked) => {
    const { trigger, events } = asked;
    const table = trigger.relation ?? '';
    const older = known.get(nameOf(trigger));
    const fires = (role: string, reaches: Reaches) =>
      events.some((verb) => (reaches.get(keyOf(table, role, verb))?.rows ?? 'no row') !== 'no row');
    const roles = [...new Set([...now.values()].map(({ role }) => role))].filter(
      (role) =>
        fires(role, now) &&
        (older === undefined ? couldWrite(before, table, role, events) : fires(role, then)),
    );
    const found = asked.demands.map((demand) => {
      const isOld =
        older?.demands.some((one) => one.verb === demand.verb && one.table === demand.table) ?? false;
      const lacking = roles.flatMap((role) => {
        const lack = lackOf(demand, role, now);
        if (lack === null || (isOld ? lackOf(demand, role, then) !== null : lack !== 'error')) return [];
        return [{ role, lack }];
      });
      return { demand, lacking };
    });
    return (['error', 'nothing'] as const).flatMap((lack): RowDifference[] => {
      const columns = found.flatMap(({ demand, lacking }) => {
        const roles = lacking.filter((one) => one.lack === lack).map(({ role }) => role);
        const who = roles.filter((role) => !isMemberOf(after, role, roles));
        return who.length === 0 ? [] : [sayLack(lack, demand, who.join(' and '))];
      });
      const word = lack === 'error' ? 'refuses what was taken' : 'means something else';
      return columns.length === 0
        ? []
        : [{ word, table: nameOf(trigger), key: null, columns: [...new Set(columns)] }];
    });
  });
}

/** What such a role lacks the others lack. */
const isMemberOf = (objects: readonly DatabaseObject[], own: string, others: readonly string[]): boolean =>
  objects.some(
    ({ kind, roles }) => kind === 'membership' && roles?.[0] === own && others.includes(roles[1] ?? ''),
  );

const said: Readonly<Record<DemandVerb, string>> = {
  SELECT: 'read',
  INSERT: 'add rows to',
  UPDATE: 'change',
  DELETE: 'delete from',
};
const finds: Readonly<Record<DemandVerb, string>> = {
  SELECT: 'finds',
  INSERT: 'adds',
  UPDATE: 'changes',
  DELETE: 'deletes',
};

const sayLack = (
  lack: 'error' | 'nothing',
  { verb, table }: { readonly verb: DemandVerb; readonly table: string },
  who: string,
): string =>
  lack === 'error'
    ? `what is written by ${who}, who may not ${said[verb]} ${table}`
    : `it ${finds[verb]} no row of ${table} for ${who}`;

/** With an error, or by finding nothing; null: what it asks, the role may do. */
function lackOf(
  { verb, table, columns }: Asked['demands'][number],
  role: string,
  reaches: Reaches,
): 'error' | 'nothing' | null {
  const reach = reaches.get(keyOf(table, role, verb));
  if (reach === undefined) return 'error';
  const isGranted =
    reach.hasAll ||
    (columns === null ? verb === 'SELECT' : columns.every((one) => reach.columns.includes(one)));
  if (!isGranted) return 'error';
  if (verb === 'INSERT') return reach.rows === 'no row' ? 'error' : null;
  // What nobody sees they cannot find to change it.
  const seen = reaches.get(keyOf(table, role, 'SELECT'))?.rows;
  return reach.rows === 'no row' || seen === 'no row' ? 'nothing' : null;
}

function couldWrite(
  before: readonly DatabaseObject[],
  table: string,
  own: string,
  events: readonly DemandVerb[],
): boolean {
  return before.some(
    ({ kind, relation, role, name, place }) =>
      kind === 'privilege' &&
      relation === table &&
      (role === own || role === 'public') &&
      place !== 'no row' &&
      events.some((verb) => name.startsWith(`${verb} `)),
  );
}

function asksOf(objects: readonly DatabaseObject[]): Asked[] {
  const functions = new Map<string, DatabaseObject[]>();
  for (const one of objects) {
    if (one.kind !== 'function') continue;
    for (const name of [one.name, bareOf(one.name)])
      functions.set(name, [...(functions.get(name) ?? []), one]);
  }
  const relations = new Set(
    objects.flatMap(({ relid, relation }) => (relid === null ? [] : (relation ?? []))),
  );
  const bare = new Map<string, string[]>();
  for (const name of relations) bare.set(bareOf(name), [...(bare.get(bareOf(name)) ?? []), name]);
  return objects.flatMap((trigger): Asked[] => {
    const [, when, called = ''] =
      / (?:BEFORE|AFTER|INSTEAD OF) (.*?) ON .* EXECUTE (?:FUNCTION|PROCEDURE) ([^(]+)\(.* [OA]$/s.exec(
        trigger.kind === 'trigger' ? (trigger.said ?? '') : '',
      ) ?? [];
    if (when === undefined) return [];
    const events = (['INSERT', 'UPDATE', 'DELETE'] as const).filter((verb) => when.includes(verb));
    const demands = bodiesOf(called.replaceAll('"', ''), functions).flatMap((body) =>
      readDemands(body.pieces).flatMap(({ verb, mention, columns }) => {
        const { schema, name } = mention;
        if (schema === null && isOfItsOwn(body.pieces, name)) return [];
        const [table, other] =
          schema === null ? (body.hasAPath ? (bare.get(name) ?? []) : []) : [`${schema}.${name}`];
        return table === undefined || other !== undefined || !relations.has(table)
          ? []
          : [{ verb, table, columns }];
      }),
    );
    return demands.length === 0 ? [] : [{ trigger, events, demands }];
  });
}

/** Its own, and those of functions that it calls, as far as they have the rights of whoever calls them. */
function bodiesOf(called: string, functions: ReadonlyMap<string, readonly DatabaseObject[]>) {
  const reached = new Set(functions.get(called));
  const bodies = [];
  for (const one of reached) {
    if (/\n (?:.* )?SECURITY DEFINER\b/.test(one.said ?? '')) continue;
    const body = readBody(one);
    bodies.push(body);
    for (const name of callsIn(body.pieces)) for (const next of functions.get(name) ?? []) reached.add(next);
  }
  return bodies;
}

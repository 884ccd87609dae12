/** Objects that the fix made or changed → what each asks that no trial can answer, and what it sets going, through whatever it calls. */
import type { Session } from '../../database/with-session.js';
import type { Asked } from './asked.js';
import { type Answer, followValues } from './follow-values.js';
import type { Procedure } from './judge-calls.js';
import { type Body, hasItsDefiners, readBody, type ServersOwn } from './read-body.js';
import { bareOf, type DatabaseObject } from './read-objects.js';
import { asksForClaims } from './read-settings.js';
import { neverMade } from './what-names-tell.js';

export interface FoundAsked extends Asked {
  /** The function that asks it; null: the object itself. */
  readonly through: string | null;
}

export interface Reach {
  readonly asks: readonly FoundAsked[];
  readonly does: readonly FoundDeed[];
}

export interface FoundDeed {
  readonly what: string;
  readonly through: string | null;
}

interface ProcedureRow extends Procedure {
  readonly number: string;
}

export async function readServersOwn(session: Session): Promise<ServersOwn> {
  const { rows } = await session.query<{
    procedures: ProcedureRow[];
    relations: string[];
    types: string[];
    shown: string[];
  }>(
    `select
         (
             select pg_catalog.json_agg(pg_catalog.json_build_object(
                 'number', p.oid::text, 'schema', n.nspname, 'name', p.proname, 'volatility', p.provolatile,
                 'isOfExtension', exists (
                     select from pg_catalog.pg_depend as d
                     where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e'
                 )
             ))
             from pg_catalog.pg_proc as p
             inner join pg_catalog.pg_namespace as n on p.pronamespace = n.oid
         ) as procedures,
         array(
             select c.relname::text from pg_catalog.pg_class as c
             where c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace and c.relkind in ('r', 'v')
         ) as relations,
         array(
             select t.typname::text
             from pg_catalog.pg_type as t
             where
                 t.typrelid = 0 and t.typcategory <> 'A' and t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
                 or exists (
                     select from pg_catalog.pg_depend as d
                     where d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and d.objid = t.oid and d.deptype = 'e'
                 )
         ) as types,
         array(
             select t.oid::text
             from pg_catalog.pg_type as t
             left join pg_catalog.pg_type as e on t.typelem = e.oid and t.typcategory = 'A'
             left join pg_catalog.pg_range as g on t.oid = g.rngtypid or (pg_catalog.to_jsonb(g) ->> 'rngmultitypid')::oid = t.oid
             where
                 t.typtype in ('c', 'p')
                 or e.typtype = 'c'
                 or array[t.oid, e.oid, t.typbasetype, e.typbasetype, g.rngsubtype] && array[
                     'timestamptz', 'timestamp', 'date', 'interval', 'bytea', 'money', 'real', 'double precision'
                 ]::pg_catalog.regtype[]::pg_catalog.oid[]
         ) as shown`,
  );
  const procedures = rows[0]?.procedures ?? [];
  const isServers = ({ schema }: Procedure) => schema === 'pg_catalog';
  return {
    functions: new Set(
      procedures.filter((one) => isServers(one) && one.volatility !== 'i').map(({ name }) => name),
    ),
    ofExtensions: new Set(
      procedures
        .filter(({ isOfExtension, volatility }) => isOfExtension && volatility === 'v')
        .flatMap(({ schema, name }) => [name, `${schema}.${name}`]),
    ),
    names: new Set(procedures.filter((one) => isServers(one) || one.isOfExtension).map(({ name }) => name)),
    procedures: new Map(procedures.map((one) => [one.number, one])),
    shownTypes: new Set(rows[0]?.shown),
    relations: new Set(rows[0]?.relations),
    types: new Set(rows[0]?.types),
  };
}

/** What each of the objects reaches, among all of them that there are at one time. */
export function followObjects(
  all: readonly DatabaseObject[],
  { server, settings }: { readonly server: ServersOwn; readonly settings: readonly string[] },
): (object: DatabaseObject) => Reach {
  const functions = new Map<string, DatabaseObject[]>();
  const add = (name: string, object: DatabaseObject) =>
    functions.set(name, [...(functions.get(name) ?? []), object]);
  for (const object of all) {
    if (object.kind !== 'function') continue;
    add(object.name, object);
    add(bareOf(object.name), object);
  }
  const bodies = new Map<DatabaseObject, Body>();
  const bodyOf = (object: DatabaseObject): Body => {
    const body = bodies.get(object) ?? readBody(object.said ?? '', server);
    bodies.set(object, body);
    return body;
  };
  const called = (object: DatabaseObject) => {
    // What is told as JSON names its functions as values.
    const names = isJson(object) ? (object.said ?? '').match(/[^":]+(?=")/g) : bodyOf(object).calls;
    return (names ?? []).flatMap((name) => functions.get(name) ?? []).filter((one) => one !== object);
  };
  const answerOf = (object: DatabaseObject, above: readonly DatabaseObject[] = []): Answer => {
    const { readsRows, readsClaims, keys } = bodyOf(object);
    const within = [...above, object];
    const answers = called(object).flatMap((one) => (within.includes(one) ? [] : answerOf(one, within)));
    if (readsRows || answers.includes('rows')) return 'rows';
    const text = object.said?.toLowerCase() ?? '';
    const isWhole = readsClaims || answers.includes('claims');
    const claims = [
      ...(isWhole ? keys : []),
      ...[...text.matchAll(/request\.jwt\.claim\.(\w+)/g)].map(([, claim]) => claim),
    ];
    const isThem =
      claims.some((claim) => claim !== 'role') || settings.some((name) => text.includes(`'${name}'`));
    if (isThem || answers.includes('person')) return 'person';
    if (claims.length > 0 || answers.includes('role')) return 'role';
    return isWhole ? 'claims' : 'nothing';
  };
  const answering = (name: string): Answer => {
    const answers = (functions.get(name) ?? []).map((one) => answerOf(one));
    return answers.find((answer) => answer !== 'nothing') ?? 'nothing';
  };
  const mayBeUnset = (name: string) => (functions.get(name) ?? []).some((one) => bodyOf(one).unset.isRead);
  const asksByValues = (object: DatabaseObject): Asked[] => {
    if (object.nodes !== null)
      return followValues(object.nodes, { ...server, answering, mayBeUnset, settings });
    return bodyOf(object).unset.decides ? [{ of: 'request', what: neverMade }] : [];
  };

  return (object) => {
    const seen = new Set([object]);
    const asks: FoundAsked[] = [];
    const does: FoundDeed[] = [];
    for (const one of seen) {
      const body = bodyOf(one);
      const through = one === object ? null : one.name;
      const next = called(one);
      for (const found of next) seen.add(found);
      const readsClaims = body.readsClaims || next.some((found) => givesClaims(bodyOf(found)));
      const all = [...body.asks, ...asksByValues(one), ...(readsClaims ? asksForClaims(body.keys) : [])];
      asks.push(...all.map((asked) => ({ ...asked, through })));
      does.push(
        ...body.does
          .filter((what) => one === object || what !== hasItsDefiners)
          .map((what) => ({ what, through })),
      );
    }
    return {
      asks: [...new Map(asks.map((asked) => [asked.what, asked])).values()],
      does: [...new Map(does.map((deed) => [sayThrough(deed), deed])).values()],
    };
  };
}

export const sayThrough = ({ what, through }: Pick<FoundAsked, 'what' | 'through'>): string =>
  through === null ? what : `${what} through ${through}`;

/** All of them, for others to look into. */
const givesClaims = ({ readsClaims, keys }: Body): boolean => readsClaims && keys.length === 0;

const isJson = ({ kind, said }: DatabaseObject): boolean =>
  kind === 'operator' || (kind === 'function' && /\{"agg/.test(said ?? ''));

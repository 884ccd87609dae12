/** Objects that the fix made or changed → what each asks that no trial can answer, and what it sets going, through whatever it calls. */
import type { Session } from '../../database/with-session.js';
import type { Asked } from './asked.js';
import { type Body, hasItsDefiners, readBody, type ServersOwn } from './read-body.js';
import type { DatabaseObject } from './read-objects.js';
import { asksForClaims } from './read-settings.js';

export interface FoundAsked extends Asked {
  /** The function that asks it; null: the object itself. */
  readonly through: string | null;
}

export interface Reach {
  readonly asks: readonly FoundAsked[];
  readonly does: readonly string[];
}

export async function readServersOwn(session: Session): Promise<ServersOwn> {
  const { rows } = await session.query<{
    functions: string[];
    extensions: string[];
    names: string[];
    relations: string[];
  }>(
    `select
         array(
             select distinct p.proname::text from pg_catalog.pg_proc as p
             where p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace and p.provolatile <> 'i'
         ) as functions,
         array(
             select called.name
             from pg_catalog.pg_proc as p
             inner join pg_catalog.pg_namespace as n on p.pronamespace = n.oid
             cross join lateral (values (p.proname::text), (n.nspname || '.' || p.proname)) as called (name)
             where
                 p.provolatile = 'v'
                 and exists (
                     select from pg_catalog.pg_depend as d
                     where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e'
                 )
         ) as extensions,
         array(
             select p.proname::text from pg_catalog.pg_proc as p where p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
             union
             select p.proname::text
             from pg_catalog.pg_proc as p
             inner join pg_catalog.pg_depend as d on p.oid = d.objid
             where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.deptype = 'e'
         ) as names,
         array(
             select c.relname::text from pg_catalog.pg_class as c
             where c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace and c.relkind in ('r', 'v')
         ) as relations`,
  );
  return {
    functions: new Set(rows[0]?.functions),
    ofExtensions: new Set(rows[0]?.extensions),
    names: new Set(rows[0]?.names),
    relations: new Set(rows[0]?.relations),
  };
}

/** What each of the objects reaches, among all of them that there are at one time. */
export function followObjects(
  all: readonly DatabaseObject[],
  server: ServersOwn,
): (object: DatabaseObject) => Reach {
  const functions = new Map<string, DatabaseObject[]>();
  const add = (name: string, object: DatabaseObject) =>
    functions.set(name, [...(functions.get(name) ?? []), object]);
  for (const object of all) {
    if (object.kind !== 'function') continue;
    add(object.name, object);
    add(object.name.slice(object.name.indexOf('.') + 1), object);
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

  return (object) => {
    const seen = new Set([object]);
    const asks: FoundAsked[] = [];
    const does = new Set<string>();
    for (const one of seen) {
      const body = bodyOf(one);
      const through = one === object ? null : one.name;
      const next = called(one);
      for (const found of next) seen.add(found);
      const readsClaims = body.readsClaims || next.some((found) => givesClaims(bodyOf(found)));
      const all = [...body.asks, ...(readsClaims ? asksForClaims(body.keys) : [])];
      asks.push(...all.map((asked) => ({ ...asked, through })));
      for (const what of body.does) {
        if (one === object) does.add(what);
        else if (what !== hasItsDefiners) does.add(sayThrough({ what, through }));
      }
    }
    return { asks: [...new Map(asks.map((asked) => [asked.what, asked])).values()], does: [...does] };
  };
}

export const sayThrough = ({ what, through }: Pick<FoundAsked, 'what' | 'through'>): string =>
  through === null ? what : `${what} through ${through}`;

/** All of them, for others to look into. */
const givesClaims = ({ readsClaims, keys }: Body): boolean => readsClaims && keys.length === 0;

const isJson = ({ kind, said }: DatabaseObject): boolean =>
  kind === 'operator' || (kind === 'function' && /\{"agg/.test(said ?? ''));

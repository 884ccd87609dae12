/** Objects that the fix made or changed → what each asks that no trial can answer, and what it sets going, through whatever it calls. */
import type { Session } from '../../database/with-session.js';
import type { Asked } from './asked.js';
import { type Decided, readDecided } from './decided-by-the-moment.js';
import { followUses, readsAsItsOwner } from './follow-uses.js';
import { type Answer, followValues } from './follow-values.js';
import type { Procedure } from './judge-calls.js';
import { type Body, hasItsDefiners, readBody, type ServersOwn } from './read-body.js';
import { bareOf, type DatabaseObject, nameOf, type Uses } from './read-objects.js';
import { asksForClaims } from './read-settings.js';
import { tablesOfTheCaller } from './tables-of-the-caller.js';
import { neverMade } from './what-names-tell.js';

export interface FoundAsked extends Asked {
  /** The function that asks it, or `view public.doors`; null: the object itself. */
  readonly through: string | null;
}

export interface Reach {
  readonly asks: readonly FoundAsked[];
  readonly does: readonly FoundDeed[];
}

export interface FollowedObjects {
  readonly reachOf: (object: DatabaseObject) => Reach;
  /** It, and whatever decides with it what its value is, but which rows there are. */
  readonly answersBy: (object: DatabaseObject) => ReadonlySet<DatabaseObject>;
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
                     'timestamptz', 'timestamp', 'date', 'interval', 'bytea', 'money', 'real', 'double precision',
                     'regclass', 'regproc', 'regprocedure', 'regoper', 'regoperator', 'regtype', 'regcollation', 'regconfig', 'regdictionary'
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

/** The same is asked of an object by all that lead to it, while everybody waits. */
function onceEach<K, T>(work: (object: K) => T): (object: K) => T {
  const known = new Map<K, T>();
  return (object) => {
    const found = known.get(object) ?? work(object);
    known.set(object, found);
    return found;
  };
}

/** Most stand there before the fix and after it, and say the same. */
export function onceEachBody(server: ServersOwn): (text: string) => Body {
  return onceEach((text: string) => readBody(text, server));
}

/** What each of the objects reaches, among all of them that there are at one time. */
export function followObjects(
  all: readonly DatabaseObject[],
  {
    uses,
    server,
    settings,
    readBody,
  }: {
    readonly uses: Uses;
    readonly server: ServersOwn;
    readonly settings: readonly string[];
    readonly readBody: (text: string) => Body;
  },
): FollowedObjects {
  const bodyOf = (object: DatabaseObject) => readBody(object.said ?? '');
  const relations = new Set(all.flatMap(({ relation }) => (relation === null ? [] : bareOf(relation))));
  /** Of a function that only its caller asks, with the caller's rights, all is theirs. */
  const tablesOf = (one: DatabaseObject, object: DatabaseObject): Asked[] => {
    const isTheirs =
      one.kind !== 'function' || (one === object && !bodyOf(one).does.includes(hasItsDefiners));
    if (isTheirs) return [];
    return tablesOfTheCaller(one.said ?? '', (name) => relations.has(name)).map((name) => ({
      of: 'place',
      what: `which table ${name} is to whoever asks, for it names no schema`,
    }));
  };
  const { functionsNamed, calledBy, usedBy, policiesBehind } = followUses(all, { uses, bodyOf });
  const answerOf = (object: DatabaseObject, above: readonly DatabaseObject[] = []): Answer => {
    const { readsRows, readsClaims, keys } = bodyOf(object);
    const within = [...above, object];
    const answers = calledBy(object).flatMap((one) => (within.includes(one) ? [] : answerOf(one, within)));
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
    const answers = functionsNamed(name).map((one) => answerOf(one));
    return answers.find((answer) => answer !== 'nothing') ?? 'nothing';
  };
  const mayBeUnset = (name: string) => functionsNamed(name).some((one) => bodyOf(one).unset.isRead);
  const nothing: Decided = { by: [], answers: null };
  const decided = new Map<DatabaseObject, Decided>();
  const decidedIn = (object: DatabaseObject): Decided => {
    const known = decided.get(object);
    if (known !== undefined || !decidesInWords.includes(object.kind)) return known ?? nothing;
    // One that calls itself.
    decided.set(object, nothing);
    const found = readDecided(object.said ?? '', {
      momentOf: (name) =>
        functionsNamed(name)
          .map((one) => decidedIn(one).answers)
          .find((moment) => moment !== null) ?? null,
      answersByRows: (name) => /^(rows|person)$/.test(answering(name)),
    });
    decided.set(object, found);
    return found;
  };
  const asksByValues = onceEach((object: DatabaseObject): Asked[] => {
    if (object.nodes !== null)
      return followValues(object.nodes, { ...server, answering, mayBeUnset, settings });
    return [
      ...(bodyOf(object).unset.decides ? [{ of: 'request', what: neverMade } as const] : []),
      ...decidedIn(object).by.map((what) => ({ of: 'place', what }) as const),
    ];
  });

  const reachOf = onceEach((object: DatabaseObject): Reach => {
    // Whether only what reads as its owner leads there.
    const seen = new Map([[object, false]]);
    const asks: FoundAsked[] = [];
    const does: FoundDeed[] = [];
    for (const [one, isOwners] of seen) {
      const body = bodyOf(one);
      const through = one === object ? null : calledIn(one);
      const next = calledBy(one);
      const leadsAsOwner = isOwners || readsAsItsOwner(one, body);
      for (const found of [...usedBy(one), ...(leadsAsOwner ? [] : policiesBehind(one))]) {
        const known = seen.get(found);
        if (known === undefined || (known && !leadsAsOwner)) {
          // Once more, behind those that are yet to be looked at.
          seen.delete(found);
          seen.set(found, leadsAsOwner);
        }
      }
      const readsClaims = body.readsClaims || next.some((found) => givesClaims(bodyOf(found)));
      const all = [
        ...body.asks,
        ...tablesOf(one, object),
        ...asksByValues(one),
        ...(readsClaims ? asksForClaims(body.keys) : []),
      ];
      asks.push(...all.map((asked) => ({ ...asked, through })));
      does.push(
        ...body.does
          .filter((what) => one === object || what !== hasItsDefiners)
          .map((what) => ({ what, through })),
        ...(writesAnAnswer(object) && body.readsRows ? [{ what: readsRows, through }] : []),
      );
    }
    return {
      asks: [...new Map(asks.map((asked) => [asked.what, asked])).values()],
      does: [...new Map(does.map((deed) => [sayThrough(deed), deed])).values()],
    };
  });
  return {
    reachOf,
    answersBy: (object) => {
      const seen = new Set([object]);
      for (const one of seen) for (const found of usedBy(one)) seen.add(found);
      return seen;
    },
  };
}

/** Without the nodes of an expression. */
const decidesInWords = ['function', 'trigger', 'constraint', 'default', 'generated column', 'type'];

export const readsRows = 'reads rows';

/** What they are told of other rows stands in the row, for all who read it; or in an index, by which rows are not found any more once it is otherwise. */
const writesAnAnswer = ({ kind, said }: DatabaseObject): boolean =>
  ['default', 'generated column', 'index', 'unique index'].includes(kind) ||
  (kind === 'type' && / default /.test(said ?? ''));

/** A function by its name alone. */
const calledIn = (object: DatabaseObject): string =>
  object.kind === 'function' ? object.name : nameOf(object);

export const sayThrough = ({ what, through }: Pick<FoundAsked, 'what' | 'through'>): string =>
  through === null ? what : `${what} through ${through}`;

/** All of them, for others to look into. */
const givesClaims = ({ readsClaims, keys }: Body): boolean => readsClaims && keys.length === 0;

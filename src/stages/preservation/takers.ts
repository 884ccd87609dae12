/** Objects before and after → which new ones are meant from now on where somebody says the name of another. */
import type { ServersOwn } from './read-body.js';
import { bareOf, type DatabaseObject } from './read-objects.js';

interface Given {
  readonly before: readonly DatabaseObject[];
  readonly after: readonly DatabaseObject[];
  readonly server: ServersOwn;
  /** Whether roles of a data API are tried: it goes by names, too. */
  readonly hasApi: boolean;
}

type Takes = (object: DatabaseObject) => boolean;

export function findTakers(given: Given): Takes {
  const ways = [
    findFunctionsThatFit(given),
    findTypesThatComeFirst(given),
    ...(given.hasApi ? [isMediaType, findRelationships(given)] : []),
  ];
  return (object) => ways.some((takes) => takes(object));
}

/** Who calls a function by its name gets another one of that name where its arguments fit better, and an error where they fit as well. */
function findFunctionsThatFit({ before, after, server }: Given): Takes {
  const [then, now] = [countFunctions(before), countFunctions(after)];
  return ({ kind, name }) => {
    const known = then.get(name) ?? 0;
    const mayBeMeant = known > 0 || server.names.has(bareOf(name));
    return kind === 'function' && mayBeMeant && (now.get(name) ?? 0) > known;
  };
}

function countFunctions(objects: readonly DatabaseObject[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, name } of objects)
    if (kind === 'function') counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Which of two types of one name is meant a path decides, and old functions have paths of their own. */
function findTypesThatComeFirst({ before, server }: Given): Takes {
  const known = before.filter(({ kind }) => kind === 'type').map(({ name }) => name);
  const bare = new Set(known.map(bareOf));
  return ({ kind, name }) =>
    kind === 'type' && !known.includes(name) && (server.types.has(bareOf(name)) || bare.has(bareOf(name)));
}

/** PostgREST answers everything of a media type by the aggregate that makes a domain of its name. */
const isMediaType: Takes = ({ kind, name }) => kind === 'type' && bareOf(name).includes('/');

/**
 * PostgREST takes a function of a row of one table that answers rows of another for a relationship, before the key between them
 * where it has the name of the table or of the key.
 */
function findRelationships({ before }: Given): Takes {
  const relations = new Set(before.flatMap(({ relation }) => relation ?? []));
  const keys = before.filter(({ references }) => references !== null).map(({ name }) => name);
  const names = new Set([...[...relations].map(bareOf), ...keys]);
  return ({ kind, name, said }) => {
    if (kind !== 'function' || !names.has(bareOf(name))) return false;
    const [, given = '', answer = ''] = signature.exec(said ?? '') ?? [];
    const isRow = (type: string) =>
      [...relations].some((relation) => type.replaceAll('"', '').endsWith(relation));
    return isRow(given) && isRow(answer);
  };
}

const signature = /\(([^(),]*)\)\s+RETURNS (?:SETOF )?(\S+)/;

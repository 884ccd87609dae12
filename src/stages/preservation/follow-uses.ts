/** An object → what else is asked wherever it is: by what the server notes of it, and by what its text names. */
import { indexBy } from './index-by.js';
import { type Body, hasItsDefiners } from './read-body.js';
import { bareOf, type DatabaseObject, nameOf, type Uses } from './read-objects.js';

interface Given {
  readonly uses: Uses;
  readonly bodyOf: (object: DatabaseObject) => Body;
}

export interface FollowedUses {
  /** By `schema.name`, or the name alone. */
  readonly functionsNamed: (name: string) => readonly DatabaseObject[];
  /** Functions that its text calls. */
  readonly calledBy: (object: DatabaseObject) => readonly DatabaseObject[];
  /** Those, and the functions, operators, types, casts and views that are asked with it. */
  readonly usedBy: (object: DatabaseObject) => readonly DatabaseObject[];
  /** By which rows of the tables that it reads are shown. */
  readonly policiesBehind: (object: DatabaseObject) => readonly DatabaseObject[];
}

export function followUses(all: readonly DatabaseObject[], { uses, bodyOf }: Given): FollowedUses {
  const ofKind = (kind: string) => all.filter((one) => one.kind === kind);
  const usesOf = (object: DatabaseObject) => uses.get(nameOf(object)) ?? [];
  const functions = indexBy(ofKind('function'), ({ name }) => [name, bareOf(name)]);
  const used = indexBy(all, (one) => [one.kind === 'view' ? relationOf(one) : nameOf(one)]);
  const policies = indexBy(ofKind('policy').filter(isOfReading), (policy) => [relationOf(policy)]);
  const operators = ofKind('operator');
  const casts = indexBy(ofKind('cast'), (cast) => usesOf(cast).filter((name) => name.startsWith('type ')));
  const types = indexBy(
    ofKind('type')
      .map(nameOf)
      .concat([...casts.keys()]),
    (name) => withBare(name, 'type '),
  );
  const relations = indexBy(
    ofKind('view')
      .map(relationOf)
      .concat([...policies.keys()]),
    (name) => withBare(name, 'relation '),
  );

  const calledBy = (object: DatabaseObject) => {
    // What is told as JSON names its functions as values.
    const names = isJson(object) ? (object.said ?? '').match(/[^":]+(?=")/g) : bodyOf(object).calls;
    return (names ?? []).flatMap((name) => functions.get(name) ?? []).filter((one) => one !== object);
  };
  /** The server notes nothing of a body that it keeps as a text. */
  const namedIn = ({ names, read }: Body) => [
    ...names.flatMap((name) => types.get(name) ?? []),
    ...read.flatMap((name) => relations.get(name) ?? []),
  ];
  const namesOf = (object: DatabaseObject) => [
    ...usesOf(object),
    ...(object.kind === 'function' ? namedIn(bodyOf(object)) : []),
  ];
  /** In an expression that the server has parsed they are functions. */
  const writtenIn = (object: DatabaseObject) => {
    if (object.kind !== 'function') return [];
    const body = bodyOf(object);
    return [
      ...operators.filter(({ name }) => body.signs.includes(name.slice(name.lastIndexOf('.') + 1))),
      ...namedIn(body).flatMap((name) => casts.get(name) ?? []),
    ];
  };

  return {
    functionsNamed: (name) => functions.get(name) ?? [],
    calledBy,
    usedBy: (object) => [
      ...calledBy(object),
      ...writtenIn(object),
      ...namesOf(object).flatMap((name) => used.get(name) ?? []),
    ],
    policiesBehind: (object) =>
      ['policy', 'view', 'function'].includes(object.kind)
        ? namesOf(object).flatMap((name) => policies.get(name) ?? [])
        : [],
  };
}

/** Whether it reads past the policies of its owner's tables. */
export function readsAsItsOwner(object: DatabaseObject, { does }: Body): boolean {
  if (object.kind === 'view') return !/\{.*security_invoker=(true|on|yes|1)\b.*\}$/i.test(object.said ?? '');
  return does.includes(hasItsDefiners);
}

const relationOf = ({ relation }: DatabaseObject): string => `relation ${relation}`;

/** One for select, or for all. */
const isOfReading = ({ said }: DatabaseObject): boolean => /^ [r*] /.test(said ?? '');

/** `type public.mood` under `public.mood` and `mood`. */
function withBare(name: string, kind: string): string[] {
  const whole = name.slice(kind.length);
  return [whole, bareOf(whole)];
}

const isJson = ({ kind, said }: DatabaseObject): boolean =>
  kind === 'operator' || (kind === 'function' && /\{"agg/.test(said ?? ''));

/** What kind an object is of → whether it is missed, whether it may be new, and whether a report tells of it. */
import type { DatabaseObject } from './read-objects.js';

/** Of a table that the fix is about these are kept, too; who reaches what of it is the proof of access. */
const guards = [
  'constraint',
  'unique index',
  'index',
  'not null',
  'default',
  'generated column',
  'identity',
  'numbering',
  'trigger',
  'rule',
  'publication',
  'collation of',
  'type of',
  'order of columns',
  'option',
  'statistics',
];

/** Those that the proof of access judges: who reaches which rows. */
const judgedByAccess = ['row level security', 'owner'];

/** `byApi`: roles that somebody becomes by a data API, which reads and writes rows alone. */
export function isGuard(
  object: DatabaseObject,
  { tried, byApi }: { readonly tried: readonly string[]; readonly byApi: readonly string[] },
): boolean {
  const { kind, name } = object;
  switch (kind) {
    case 'property':
      return !judgedByAccess.includes(name);
    case 'privilege':
      return !isOfTried(object, tried) || isBeyondRows(object, byApi);
    case 'policy':
      return !isOfTried(object, tried);
    case 'comment':
      return object.isDirective;
    default:
      return guards.includes(kind);
  }
}

/** No trial of rows tells of these. */
const isBeyondRows = ({ name, role }: DatabaseObject, byApi: readonly string[]): boolean =>
  /^(TRUNCATE|TRIGGER|REFERENCES|MAINTAIN) /.test(name) && !byApi.includes(role ?? '');

/** A policy for nobody whom it could stop is nobody's. */
function isOfTried({ role }: DatabaseObject, tried: readonly string[]): boolean {
  const roles = role?.split(',') ?? [];
  return roles.includes('public') || roles.every((one) => tried.includes(one));
}

/** Of anybody else nothing of these may be new: they act on what is written there, or show it to somebody. */
const acting = [
  'trigger',
  'rule',
  'policy',
  'default',
  'constraint',
  'unique index',
  'not null',
  'identity',
  'generated column',
  'property',
  'comment',
];
/** Of a privilege and the like. */
export const isOfFunction = ({ relation }: DatabaseObject): boolean =>
  relation?.startsWith('function ') === true;

/** Of a function: everybody may call it. */
export const isToCall = (object: DatabaseObject): boolean => object.role === 'public' && isOfFunction(object);

/** Whosever table it is. */
const inTheWay = ['forced row level security', 'grant option'];
/** Of a new table, too: a rule acts with the rights of whoever owns the table, and who listens is asked no policy. */
const opening = ['publication', 'rule'];

/** What is written into one table is read from another from now on. */
const isPlaceAmongOthers = ({ kind, name }: DatabaseObject): boolean =>
  kind === 'property' && (name === 'parents' || name === 'place among its partitions');

/** The tables that one inherits from; that another is a partition of is what it is made for. */
const parentsOf = ({ kind, name, said }: DatabaseObject): string[] =>
  kind === 'property' && name === 'parents' && said !== null ? JSON.parse(said) : [];

/** Whether it may not be new. `wasThere`: on a table that was there before; `isOwn`: of a table that the fix is about; `isOld` says it of any table. */
export function isInTheWay(
  object: DatabaseObject,
  {
    tried,
    isOwn,
    wasThere,
    isOld,
  }: {
    readonly tried: readonly string[];
    readonly isOwn: boolean;
    readonly wasThere: boolean;
    readonly isOld: (table: string) => boolean;
  },
): boolean {
  if (opening.includes(object.kind)) return true;
  // Of a function, a schema and the like: whoever has it lets others in.
  if (object.kind === 'grant option' && object.relid === null) return true;
  if (parentsOf(object).some(isOld)) return true;
  if (!wasThere) return false;
  if (inTheWay.includes(object.kind) || isPlaceAmongOthers(object)) return true;
  if (object.kind === 'property' && object.name === 'storage parameters') return true;
  if (object.isDirective) return true;
  // Those of tables are the access proof's.
  if (object.kind === 'privilege')
    return (
      object.relid === null &&
      // What a function of the API's does by its rights is the access proof's, too.
      (!isOfTried(object, tried) || isToCall(object) || !isOfFunction(object))
    );
  if (object.kind === 'policy' && !isOfTried(object, tried)) return true;
  if (object.kind === 'index') return object.refusal !== null && !isOwn;
  return acting.includes(object.kind) && !isOwn;
}

/** Two that say the same act twice. */
export const actsAgain = ({ kind }: DatabaseObject): boolean => kind === 'trigger' || kind === 'rule';

/**
 * Whether somebody misses it under another name: triggers and rules act in the order of their names, subscribers ask for a publication by its name,
 * and applications for views, schemas, constraints and sequences: in a query, in a hint, in `on conflict on constraint`, where they read an error.
 */
export function isKnownByName(object: DatabaseObject): boolean {
  if (object.kind === 'publication') return object.relation === null;
  return (
    actsAgain(object) ||
    ['view', 'schema', 'constraint', 'unique index', 'sequence', 'sequence of'].includes(object.kind)
  );
}

/** Of what is of no table nothing of these may be new. */
const actingAnywhere = [
  'event trigger',
  'setting',
  'default privilege',
  'cast',
  'membership',
  'extension',
  'foreign server',
  'operator',
  'operator class',
  'comment on role',
  'comment on database',
  'security label of role',
  'security label of database',
  'schema called as a role',
];

export const actsAnywhere = ({ kind }: DatabaseObject): boolean => actingAnywhere.includes(kind);

/** Told with what they are of: of a table that is made, its columns. */
const untold = [
  'type of',
  'collation of',
  'sequence of',
  'next number',
  'order of columns',
  'option',
  'property',
  'privilege',
  'grant option',
];

/** Whether a reviewer is told of it where the manifest lets it differ. */
export const isToldOf = ({ kind, relation }: DatabaseObject): boolean =>
  relation === null ? kind !== 'database' : !untold.includes(kind);

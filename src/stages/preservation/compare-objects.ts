/** What guards the data and acts on it, before and after → what is gone, changed or new of it without being declared. */
import type { Bundle, ObjectDifference, RowDifference } from '../../model.js';
import { isCastAgain } from './cast-again.js';
import { declaredIn, declaredNames } from './declared-names.js';
import { judgeDefaults } from './given-by-default.js';
import { judgeAsked } from './judge-asked.js';
import { judgeGiven } from './judge-given.js';
import { judgeKeys } from './judge-keys.js';
import { judgeOwners } from './judge-owners.js';
import { judgeReach } from './judge-reach.js';
import { isAllowedShape } from './judge-shape.js';
import {
  actsAgain,
  actsAnywhere,
  isGuard,
  isInTheWay,
  isKnownByName,
  isOfFunction,
  isToCall,
  isToldOf,
} from './kinds-of-objects.js';
import { pairObjects, waysToSay } from './pair-objects.js';
import type { Judged } from './policy-bounds.js';
import type { ServersOwn } from './read-body.js';
import { type DatabaseObject, nameOf, type Uses } from './read-objects.js';
import { type Changeable, judgeSelfOpened, nothingChangeable } from './self-opened.js';
import { findSwitchedOff, protects } from './taken-away.js';
import { findTakers } from './takers.js';

export interface ComparedObjects {
  readonly before: readonly DatabaseObject[];
  readonly after: readonly DatabaseObject[];
  /** What each of them leads to. */
  readonly uses: { readonly before: Uses; readonly after: Uses };
  /** Tables that the fix is about: those that the manifest names. */
  readonly own: readonly string[];
  /** Roles as whom people try what they reach of those tables. */
  readonly tried: readonly string[];
  /** Whom a data API becomes. */
  readonly byApi?: readonly string[];
  /** What some of the tried may write as they like; none where it was not asked. */
  readonly changeable?: Changeable;
  /** Settings that some of the people bring along. */
  readonly settings: readonly string[];
  readonly server: ServersOwn;
  /** As whom the fix is applied: what it makes is theirs. */
  readonly deployer: string;
}

/** What is missed, or in the way of others; and what the manifest lets differ, or acts on the fix's own tables. */
export interface ObjectDifferences {
  readonly differences: readonly RowDifference[];
  readonly declared: readonly ObjectDifference[];
}

/** Whom `authenticator` can become, as PostgREST does for each request, and everybody, among whom these are. */
export function membersOfTheApi(objects: readonly DatabaseObject[]): string[] {
  const members = objects.flatMap(({ kind, roles }) =>
    kind === 'membership' && roles?.[0] === 'authenticator' && roles[1] !== undefined ? [roles[1]] : [],
  );
  return members.length > 0 ? [...members, 'public'] : [];
}

export function compareObjects(
  bundle: Pick<
    Bundle,
    'changes' | 'changesFound' | 'drops' | 'adds' | 'access' | 'preserve' | 'tables' | 'prelude'
  >,
  {
    before,
    after,
    uses,
    own,
    tried,
    byApi = [],
    changeable = nothingChangeable,
    settings,
    server,
    deployer,
  }: ComparedObjects,
): ObjectDifferences & { readonly judged: Judged } {
  const { changes, drops, adds, access } = bundle;
  const functions = declaredFunctions(access);
  const mayBeGone = orWhatItBelongsTo(declaredNames([...drops, ...functions]));
  // What a data API does with a function is not said of the function.
  const isDirective = (object: DatabaseObject) => [object, now.find(object)].some(isOfNoTable);
  const mayGo = (object: DatabaseObject) =>
    isOfNoTable(object) ? isNamed(nameOf(object)) : mayBeGone(object);
  // A star is written without having read what it stands for.
  const read = changes.filter((change) => !change.includes('*'));
  const mayAsk = orWhatItBelongsTo(declaredNames(read));
  const isDeclared = orWhatItBelongsTo(declaredIn(bundle, functions));
  // What a rule does is done with the rights of its table's owner.
  const mayChange = (object: DatabaseObject) => {
    if (isDirective(object)) return isNamed(nameOf(object));
    return (object.kind === 'rule' ? mayAsk : isDeclared)(object);
  };
  // A function that is declared is not declared to be passed on, nor to be everybody's or another's.
  const isNamed = declaredIn(bundle);
  const couldBeCalled = new Set(before.filter(isToCall).map(({ relation }) => relation));
  const isToBeCalled = (object: DatabaseObject) =>
    isToCall(object) ||
    (object.kind === 'privilege' &&
      then.holdsFunction(object.relation) &&
      !couldBeCalled.has(object.relation));
  // Nor is a sequence, a schema or a type that is declared declared to be anybody's who could do nothing with it.
  const mayAppear = (object: DatabaseObject) =>
    object.kind === 'grant option' || isToBeCalled(object) || isOfNoFunction(object)
      ? isNamed(nameOf(object))
      : mayChange(object);
  const isOwn = ({ relation }: DatabaseObject) =>
    relation !== null && (own.includes(relation) || adds.includes(relation));
  const isKept = (object: DatabaseObject) =>
    object.relation === null ||
    !own.includes(object.relation) ||
    isGuard(object, { tried, byApi }) ||
    now.find(object)?.isDirective === true;

  const now = indexObjects(after);
  const then = indexObjects(before);
  const counterparts = pairObjects(before, after);
  const again = new Set(counterparts.values());
  const gone = before.filter((object) => !counterparts.has(object));
  const isSecond = (object: DatabaseObject) => actsAgain(object) && !again.has(object) && then.holds(object);
  const arrived = after.filter((object) => isSecond(object) || !then.holds(object));
  const missed = gone.filter(
    (object) =>
      // What becomes of the table is told of the table.
      (object.relation === null || now.hasRelation(object)) &&
      !isAllowedShape(bundle, object, now.find(object)) &&
      !isCastAgain(object, now.find(object), { before, after }) &&
      !isRepointed(object, { before, after, preserve: bundle.preserve }),
  );
  const lost = missed.filter(isKept);
  // It went with its table, to which the rows of a view under the old name belong.
  const isCarried = (object: DatabaseObject, counterpart: DatabaseObject) =>
    object.relid !== null &&
    object.relid === counterpart.relid &&
    (object.kind === 'sequence of' ? object.place === counterpart.place : object.name === counterpart.name) &&
    now.holdsView(object.relation) &&
    bundle.preserve.some(
      ({ from, to }) => from.includes(object.relation ?? '') && to.includes(counterpart.relation ?? ''),
    );
  const renamed = [...counterparts].flatMap(([object, counterpart]) =>
    isKnownByName(object) &&
    !isCarried(object, counterpart) &&
    (object.relation === null || object.kind === 'view' || now.hasName(object.relation)) &&
    (object.kind === 'sequence of'
      ? now.find(object)?.place !== object.place
      : nameOf(object) !== nameOf(counterpart))
      ? [object]
      : [],
  );
  // What is said of a new column of the fix's is said of nothing that was there.
  const isOfItsColumn = (object: DatabaseObject) =>
    object.isDirective &&
    isOwn(object) &&
    object.name !== 'itself' &&
    !then.has({ ...object, kind: 'type of' });
  const { wasThere, isGiven } = judgeGiven({ before, after });
  const takesOver = findTakers({ before, after, server, hasApi: tried.length > 0 });
  const isGivenByDefault = judgeDefaults(bundle.preserve, { then, now });
  const added = arrived.filter(
    (object) =>
      takesOver(object) ||
      (isOwn(object) && isGivenByDefault(object)) ||
      isSecond(object) ||
      (!then.has(object) &&
        (object.relation === null
          ? actsAnywhere(object)
          : isGiven(object) &&
            isInTheWay(object, {
              tried,
              isOwn: isOwn(object),
              wasThere: (then.hasRelation(object) || wasThere(object)) && !isOfItsColumn(object),
              isOld: then.hasName,
            }))),
  );
  const { findUntried, findDeeds, sayReach, answersBy, answeredBy } = judgeAsked({
    before,
    after,
    uses,
    gone: new Set(gone),
    functions: [...read, ...functions].map((name) => name.replace(/^function /, '')),
    settings,
    server,
  });
  const findSelfOpened = judgeSelfOpened(
    {
      before: { objects: before, uses: uses.before, answersBy: answeredBy },
      after: { objects: after, uses: uses.after, answersBy },
    },
    changeable,
  );
  const findFollowed = judgeKeys(bundle, { before, after });
  const findOwner = judgeOwners({ before, isOwn, tried, deployer });
  // What a function does now is done by all that call it.
  const acting = arrived.some(({ kind }) => kind === 'function') ? after : arrived;
  const differences = distinct([
    ...lost
      .filter((object) => !(now.has(object) ? mayChange : mayGo)(object))
      .map((object) => differenceOf(now.has(object) ? 'changed' : 'gone', object)),
    ...renamed.filter((object) => !mayChange(object)).map((object) => differenceOf('changed', object)),
    ...added.filter((object) => !mayAppear(object)).map((object) => differenceOf('appeared', object)),
    ...arrived
      .filter((object) => !mayAsk(object))
      .flatMap((object) => [
        ...findUntried(object).map(({ word, columns }) => ({ ...differenceOf(word, object), columns })),
        ...sayOf('acts beyond its row', object, findFollowed(object)),
        ...sayOf('appeared', object, findOwner(object)),
      ]),
    ...acting
      .filter((object) => !mayAsk(object))
      .flatMap((object) => sayOf('acts beyond its row', object, findDeeds(object))),
    ...after
      .filter((object) => !mayAsk(object))
      .flatMap((object) => sayOf('asks what nobody was tried with', object, findSelfOpened(object))),
    ...judgeReach({ before, after, tried, isDeclared }),
  ]);
  const failed = new Set(differences.map(({ table }) => table));
  const judged = new Set([...lost, ...added]);
  const unguarded = new Set(missed.filter(protects).map(nameOf));
  const isShown = (object: DatabaseObject) => judged.has(object) || isToldOf(object);
  const declared = distinct([
    ...gone
      .filter((object) => isShown(object) && !now.has(object))
      .map((object) => goneOf(object, unguarded.has(nameOf(object)))),
    ...findSwitchedOff(missed, now.find).map((object) => goneOf(object, true)),
    ...arrived.filter(isShown).map((object) => ({
      ...differenceOf(then.has(object) ? 'changed' : 'appeared', object),
      does: sayReach(object),
      text: textOf(object),
      digest: object.written,
      protected: unguarded.has(nameOf(object)),
    })),
    ...findAskingOtherwise({ after, arrived, answersBy }),
  ]).filter(({ table }) => !failed.has(table));
  return { differences, declared, judged: { arrived, answeredBy, answersBy, isRead: mayAsk } };
}

/** A directive of a data API on a function, a type, a schema. */
const isOfNoTable = (object: DatabaseObject | undefined): boolean =>
  object?.isDirective === true && object.relid === null;

const isOfNoFunction = (object: DatabaseObject): boolean =>
  object.kind === 'privilege' && object.relid === null && !isOfFunction(object);

const differenceOf = (word: RowDifference['word'], object: DatabaseObject): RowDifference => ({
  word,
  table: nameOf(object),
  key: null,
  columns: [],
});

const goneOf = (object: DatabaseObject, isProtection: boolean): ObjectDifference => ({
  ...differenceOf('gone', object),
  does: [],
  text: null,
  digest: null,
  protected: isProtection,
});

/** Views that stayed as they were, and what they ask did not: what their rows say is for whoever reads them. */
function findAskingOtherwise({
  after,
  arrived,
  answersBy,
}: {
  readonly after: readonly DatabaseObject[];
  readonly arrived: readonly DatabaseObject[];
  readonly answersBy: (object: DatabaseObject) => ReadonlySet<DatabaseObject>;
}): ObjectDifference[] {
  const answering = new Set(arrived.filter(({ kind }) => decidesWhatIsSaid.includes(kind)));
  if (answering.size === 0) return [];
  return after.flatMap((object): ObjectDifference[] => {
    if (object.kind !== 'view' || answering.has(object)) return [];
    const others = [...answersBy(object)].filter((one) => answering.has(one)).map(nameOf);
    const does = [...new Set(others)].map((name) => `asks ${name}, which is another now`);
    return does.length === 0
      ? []
      : [{ ...differenceOf('changed', object), does, text: null, digest: null, protected: false }];
  });
}

const decidesWhatIsSaid = ['function', 'view', 'operator', 'type', 'cast'];

const sayOf = (
  word: RowDifference['word'],
  object: DatabaseObject,
  columns: readonly string[],
): RowDifference[] => (columns.length === 0 ? [] : [{ ...differenceOf(word, object), columns }]);

const readAsWritten = [
  'policy',
  'rule',
  'default',
  'generated column',
  'constraint',
  'index',
  'unique index',
];

/** What a reviewer reads at a glance; what is longer is in the database. */
function textOf({ kind, said }: DatabaseObject): string | null {
  if (said === null || !readAsWritten.includes(kind)) return null;
  const text = said.replace(/\s+/g, ' ').trim();
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function indexObjects(objects: readonly DatabaseObject[]) {
  const said = new Set(objects.flatMap(waysToSay));
  const named = new Map(objects.map((one) => [nameOf(one), one]));
  const relations = new Set(objects.flatMap(({ relation, relid }) => [relation, relid]));
  return {
    /** Under whatever name. */
    holds: (object: DatabaseObject) => waysToSay(object).some((way) => said.has(way)),
    has: (object: DatabaseObject) => named.has(nameOf(object)),
    find: (object: DatabaseObject) => named.get(nameOf(object)),
    holdsFunction: (name: string | null) => named.get(name ?? '')?.kind === 'function',
    holdsView: (name: string | null) => named.has(`view ${name}`),
    hasName: (relation: string) => relations.has(relation),
    hasRelation: ({ relation, relid }: DatabaseObject) =>
      relid === null ? named.has(relation ?? '') : relations.has(relation) || relations.has(relid),
  };
}

/** A key may be another, and point at the table to which rows of the other may have moved: of the same columns there is one still, which asks as the one before did. */
function isRepointed(
  { relid, place, references, said }: DatabaseObject,
  { before, after, preserve }: Pick<Bundle, 'preserve'> & Pick<ComparedObjects, 'before' | 'after'>,
): boolean {
  const nameIn = (objects: readonly DatabaseObject[], id: string) =>
    objects.find((one) => one.relid === id)?.relation ?? '';
  const isSame = (one: DatabaseObject) =>
    one.references === references && referencedBy(one.said) === referencedBy(said);
  return (
    references !== null &&
    after.some(
      (one) =>
        one.relid === relid &&
        one.place === place &&
        one.references !== null &&
        (isSame(one) ||
          preserve.some(
            ({ from, to }) =>
              from.includes(nameIn(before, references)) &&
              to.includes(nameIn(after, one.references as string)),
          )) &&
        [howItAsks(said), howItAsks(said).replace(' NOT VALID', '')].includes(howItAsks(one.said)),
    )
  );
}

/** Of a foreign key: ` ON DELETE CASCADE DEFERRABLE`. */
const howItAsks = (said: string | null): string =>
  said?.replace(/^FOREIGN KEY \(.*?\) REFERENCES (?:"(?:[^"]|"")*"|[^"(])+\([^)]*\)/s, '') ?? '';

/** `(id)` */
const referencedBy = (said: string | null): string =>
  /^FOREIGN KEY \(.*?\) REFERENCES (?:"(?:[^"]|"")*"|[^"(])+(\([^)]*\))/s.exec(said ?? '')?.[1] ?? '';

/** Objects are told by the name alone. */
export function declaredFunctions({ functions }: Pick<Bundle['access'], 'functions'>): string[] {
  return functions.map((name) => `function ${name.replace(/\(.*\)$/s, '')}`);
}

/** A function's privileges and comment go with it. */
function orWhatItBelongsTo(isDeclared: (name: string) => boolean): (object: DatabaseObject) => boolean {
  return (object) =>
    isDeclared(nameOf(object)) ||
    (object.relid === null && object.relation !== null && isDeclared(object.relation));
}

function distinct<Difference extends RowDifference>(differences: readonly Difference[]): Difference[] {
  const known = new Map(differences.map((one) => [JSON.stringify([one.word, one.table, one.columns]), one]));
  return [...known.values()];
}

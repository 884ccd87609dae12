/** Objects before and after the fix → what one that is new asks that nobody could try, and what it sets going. */
import type { RowDifference } from '../../model.js';
import { indexBy } from './index-by.js';
import type { ServersOwn } from './read-body.js';
import type { DatabaseObject, Uses } from './read-objects.js';
import {
  howFarCounted,
  howItIsCollated,
  howMany,
  namesSomebody,
  theTime,
  whatOthersHold,
  whichIsFirst,
} from './what-names-tell.js';
import {
  type FollowedObjects,
  followObjects,
  onceEachBody,
  readsRows,
  sayThrough,
} from './what-objects-ask.js';

interface Compared {
  readonly before: readonly DatabaseObject[];
  readonly after: readonly DatabaseObject[];
  readonly uses: { readonly before: Uses; readonly after: Uses };
  /** Of those before what is not there any more. */
  readonly gone: ReadonlySet<DatabaseObject>;
  /** Functions that the manifest names: what they do was read. */
  readonly functions: readonly string[];
  /** Settings that some of the people bring along. */
  readonly settings: readonly string[];
  readonly server: ServersOwn;
}

interface AskedJudge extends Pick<FollowedObjects, 'answersBy'> {
  /** The same among those before. */
  readonly answeredBy: FollowedObjects['answersBy'];
  /** What an object asks that nobody could try, but what those in its place had asked before. */
  readonly findUntried: (object: DatabaseObject) => Pick<RowDifference, 'word' | 'columns'>[];
  /** What an object does whenever a row is read or written, but what those in whose place it stands did. */
  readonly findDeeds: (object: DatabaseObject) => string[];
  /** `writes public.log through public.note`, `asks the time`. */
  readonly sayReach: (object: DatabaseObject) => string[];
}

const words = {
  place: 'depends on where it runs',
  request: 'asks what nobody was tried with',
  outside: 'reaches out of the database',
} as const;
const kinds = ['place', 'request', 'outside'] as const;

export function judgeAsked({ before, after, uses, gone, functions, settings, server }: Compared): AskedJudge {
  const readBody = onceEachBody(server);
  const given = { server, settings, readBody };
  const { reachOf: reachNow, answersBy } = followObjects(after, { ...given, uses: uses.after });
  const { reachOf: reachThen, answersBy: answeredBy } = followObjects(before, {
    ...given,
    uses: uses.before,
  });
  const inPlace = indexBy(before, (one) => [keyOfPlace(one)]);
  const sameParts = indexBy(before, (one) => [keyOfParts(one)]);
  const sameText = indexBy(before, (one) => [keyOfText(one)]);
  const inItsPlace = (object: DatabaseObject) => inPlace.get(keyOfPlace(object)) ?? [];
  /** The very same one, also where a function that it asks has another name now, and the tables other policies. */
  const asItWas = (object: DatabaseObject) => [
    ...(sameParts.get(keyOfParts(object)) ?? []),
    ...(sameText.get(keyOfText(object)) ?? []),
  ];
  const isBrought = (what: string) => settings.some((name) => what === `the setting ${name}`);
  return {
    answersBy,
    answeredBy,
    findUntried: (object) => {
      const asks = reachNow(object).asks.filter(
        ({ of, what }) =>
          (of !== 'moment' || isDecidedByChance(object, what)) &&
          !isOfAValue(object, what) &&
          !isBrought(what),
      );
      if (asks.length === 0) return [];
      const known = new Set(inItsPlace(object).flatMap((one) => reachThen(one).asks.map(({ what }) => what)));
      const fresh = asks.filter(({ what }) => !known.has(what));
      return kinds.flatMap((kind) => {
        const found = fresh.filter(({ of }) => (of === 'moment' ? 'place' : of) === kind);
        return found.length === 0 ? [] : [{ word: words[kind], columns: found.map(sayThrough) }];
      });
    },
    findDeeds: (object) => {
      if (!actsByItself.includes(object.kind)) return [];
      const same = asItWas(object);
      const readRows = same.some((one) => reachThen(one).does.some(({ what }) => what === readsRows));
      const known = new Set(
        [...same, ...inItsPlace(object).filter((one) => gone.has(one))].flatMap((one) =>
          reachThen(one).does.map(sayThrough),
        ),
      );
      return reachNow(object)
        .does.filter(({ through }) => through === null || !functions.includes(through))
        .filter(({ what }) => what !== readsRows || !readRows)
        .map(sayThrough)
        .filter((deed) => !known.has(deed));
    },
    sayReach: (object) => {
      const { does, asks } = reachNow(object);
      return [
        ...does.map(sayThrough),
        ...asks
          .filter(({ what }) => !isBrought(what) && !isCounting(object, what))
          .map((asked) => `asks ${sayThrough(asked)}`),
      ];
    },
  };
}

/** What nobody calls: it is asked with a row, or fires with it. */
const actsByItself = [
  'policy',
  'view',
  'trigger',
  'event trigger',
  'rule',
  'default',
  'constraint',
  'generated column',
  'index',
  'unique index',
  'type',
];

const placeOf = ({ relation, name }: DatabaseObject): string => relation ?? name;

const keyOfPlace = (object: DatabaseObject): string => JSON.stringify([object.kind, placeOf(object)]);
const keyOfParts = ({ kind, relid, parts }: DatabaseObject): string => JSON.stringify([kind, relid, parts]);
const keyOfText = ({ kind, relation, written }: DatabaseObject): string =>
  JSON.stringify([kind, relation, written]);

/** A column may begin as anything; who reaches a row is not to hang on who they are by name. */
const isOfAValue = ({ kind }: DatabaseObject, what: string): boolean =>
  /^(default|constraint|generated column|type)$/.test(kind) && what === namesSomebody;

const isCounting = ({ kind }: DatabaseObject, what: string): boolean =>
  kind === 'default' && what === howFarCounted;

/** What a view shows first, or has sorted, lets nobody in. */
const ofPoliciesAlone: readonly string[] = [whichIsFirst, howItIsCollated];

/** Who reaches a row may well hang on the day and on how many rows there are, and on nothing else that changes from one call to the next. */
function isDecidedByChance({ kind }: DatabaseObject, what: string): boolean {
  if (what === whatOthersHold && kind === 'trigger') return true;
  return (
    (ofPoliciesAlone.includes(what) ? kind === 'policy' : ['policy', 'view', 'rule'].includes(kind)) &&
    what !== theTime &&
    what !== howMany
  );
}

/** What people could do, what they can do, and what the bundle says that they should → every difference, declared or not. */
import type { AccessVerb } from '../../model.js';
import type { Change, Comparison } from './comparison.js';
import { isUnknown, type Sight } from './observation.js';
import { isOutside } from './people.js';
import { abilityOf, errorOf, reachOf } from './reach.js';
import type { Place } from './recognise-rows.js';
import { areSameRules, isView } from './relation.js';
import { declarationFor, leewayOf, leewayOfNew, rulingOf, spokenOf } from './rule-on-rows.js';
import type { Reach } from './run-rules.js';

export function compareAbilities(comparison: Comparison): Change[] {
  const { before, after, verbs, unasked } = comparison;
  const people = [...after.people.keys()];
  const outsiders = people.filter((person) => isOutside(after.people[person]));
  if (unasked !== null) {
    return [...after.sights.values()].flatMap((sight) =>
      verbs.flatMap((verb) => outsiders.flatMap((person) => gainsOf(comparison, sight, verb, person))),
    );
  }
  return [
    ...[...after.sights.values()].flatMap((sight) =>
      verbs.flatMap((verb) => people.flatMap((person) => gainsOf(comparison, sight, verb, person))),
    ),
    ...[...before.sights.values()].flatMap((sight) =>
      verbs.flatMap((verb) => {
        const rows = followRows(comparison, sight, verb);
        return people.flatMap((person) => lossesOf(comparison, { sight, rows }, verb, person));
      }),
    ),
  ];
}

function gainsOf(comparison: Comparison, sight: Sight, verb: AccessVerb, person: number): Change[] {
  const { before, after, kinship, tables } = comparison;
  const ability = abilityOf(after, sight.table, person, verb);
  if (isUnknown(ability)) return [];
  return [...ability].flatMap((row): Change[] => {
    const place = { table: sight.table, row };
    const sources = kinship.sources.get(sight.table)?.[row] ?? [];
    const change = { outcome: 'gained', person, verb, place } as const;
    if (sources.length === 0) {
      const leeway = leewayOfNew(comparison, sight, change);
      if (leeway !== undefined) return [{ ...change, isDeclared: true, reason: leeway }];
      // A new row of the fix's own tables is judged as a row; anywhere else nobody can say whose it is.
      if (tables.includes(sight.table)) return [];
      // Which of the rows that were not sampled it was, nobody knows.
      if (sight.isSampled || before.sights.get(sight.table)?.isSampled) return [];
      const declared = declarationFor(comparison, change, []);
      const reason = declared?.reason ?? 'no row that was there became this one';
      return [{ ...change, isDeclared: declared !== undefined, reason }];
    }
    const reaches = sources.map((source) => reachOf(before, source, person, verb));
    const ruling = rulingOf(comparison, spokenOf(comparison, sources, sight.table, verb), person);
    const isAsBefore = reaches.includes('yes');
    // Whoever still reaches what a rule denies them has gained nothing, but the fix has not done what it says.
    if (ruling?.isAllowed === false && (!isAsBefore || comparison.isWholeFix)) {
      const reason = `${ruling.saying} that they must not${isAsBefore ? ', as before' : ''}`;
      return [{ ...change, isDeclared: false, reason }];
    }
    if (isAsBefore || reaches.every((reach) => reach === 'untried')) return [];
    const leeway = ruling === null ? leewayOf(comparison, sources, change) : undefined;
    if (leeway !== undefined) return [{ ...change, isDeclared: true, reason: leeway }];
    if (reaches.includes('unknown')) {
      const regained = { ...change, outcome: 'regained', isDeclared: true } as const;
      if (ruling?.isAllowed) return [{ ...regained, reason: `${ruling.saying} so` }];
      if (ruling === null && isOthersRecursion(comparison, sight, change))
        return [{ ...regained, reason: 'its own policies, as they were, answer without the recursion' }];
      const error = errorOf(before, sources, change);
      const reason = `before, the database answered with an error${error === null ? '' : ` (${error})`}, and no rule of access/ says who is to`;
      return [{ ...change, isDeclared: false, reason }];
    }
    const declaration = declarationFor(comparison, change, sources);
    const declared = ruling?.isAllowed ? (ruling.reason ?? declaration?.reason) : undefined;
    return [
      {
        ...change,
        isDeclared: declared !== undefined,
        reason:
          declared ??
          (ruling?.isAllowed
            ? `${ruling.saying} so, but nothing declares that it is new`
            : sayNoRule(comparison)),
      },
    ];
  });
}

/**
 * A table of others whose own policies are as they were, and which answered with an infinite recursion: that was in the fix's tables,
 * which its policies ask, and what they let through now is what they say.
 */
function isOthersRecursion(
  { before, after, tables }: Comparison,
  { table, kind }: Pick<Sight, 'table' | 'kind'>,
  { person, verb }: Pick<Change, 'person' | 'verb'>,
): boolean {
  if (tables.includes(table) || isView({ kind })) return false;
  const ability = abilityOf(before, table, person, verb);
  const role = after.people[person]?.role ?? '';
  const [then, now] = [before, after].map(({ sights }) => sights.get(table)?.roles.get(role)?.rules);
  return (
    isUnknown(ability) &&
    ability.sqlstate === '42P17' &&
    then !== undefined &&
    now !== undefined &&
    areSameRules(then, now)
  );
}

/** A row as it was: what it is now, and what rules say of it there. */
interface Followed {
  readonly place: Place;
  readonly images: readonly { readonly image: Place; readonly spoken: readonly Reach[] }[];
}

/** Once for all people: rows and people multiply. */
function followRows(comparison: Comparison, { table, rows }: Sight, verb: AccessVerb): Followed[] {
  return [...rows.keys()].map((row) => {
    const place = { table, row };
    const images = comparison.kinship.images.get(table)?.[row] ?? [];
    return {
      place,
      images: images.map((image) => ({ image, spoken: spokenOf(comparison, [place], image.table, verb) })),
    };
  });
}

function lossesOf(
  comparison: Comparison,
  { sight, rows }: { readonly sight: Sight; readonly rows: readonly Followed[] },
  verb: AccessVerb,
  person: number,
): Change[] {
  const { before, after } = comparison;
  return rows.flatMap(({ place, images }): Change[] => {
    // A row of a table that is nowhere is missing as a row; what a view shows no longer, nobody else misses.
    if (images.length === 0 && (sight.kind === 'r' || sight.kind === 'p')) {
      const because = comparison.setAside.get(sight.table)?.get(sight.rows[place.row]?.place ?? '');
      // Nobody reads what is in quarantine.
      if (because === undefined || verb !== 'read' || reachOf(before, place, person, verb) !== 'yes')
        return [];
      const reason = because ?? 'it is in quarantine, and bundle.yml does not let it be there';
      return [{ outcome: 'lost', person, verb, place, isDeclared: because !== null, reason }];
    }
    const now = images.map(({ image, spoken }) => ({
      image,
      reach: reachOf(after, image, person, verb),
      ruling: rulingOf(comparison, spoken, person),
    }));
    const change = { outcome: 'lost', person, verb, place } as const;
    const [denied] = now.flatMap(({ image, ruling, reach }) =>
      ruling?.isAllowed && reach !== 'yes' && reach !== 'untried' ? [{ image, ruling }] : [],
    );
    const could = reachOf(before, place, person, verb) === 'yes';
    if (denied !== undefined && (could || comparison.isWholeFix)) {
      const reason = `${denied.ruling.saying} that they can${sayAnswer(errorOf(after, [denied.image], change))}`;
      return [{ ...change, isDeclared: false, reason, isDeniedAsBefore: !could }];
    }
    if (!could) return [];
    // Where it was, if it is there still: an application asks for it by that name.
    const inPlace = now.filter(({ image }) => image.table === sight.table);
    const counted = inPlace.length > 0 ? inPlace : now;
    if (counted.some(({ reach }) => reach === 'yes' || reach === 'untried')) return [];
    const ruled = counted.find(({ ruling }) => ruling !== null)?.ruling ?? null;
    const isRuled = ruled !== null;
    const declaration = declarationFor(comparison, change, [place]);
    const denial = counted.map(({ ruling }) => ruling?.reason ?? null).find((why) => why !== null);
    // What fails in another way than by a refusal is broken, and not what anybody meant.
    const ability = abilityOf(after, sight.table, person, verb);
    const isBroken = isUnknown(ability) && ability.sqlstate !== '42501';
    const leeway = isBroken ? undefined : leewayOf(comparison, [place], change);
    const declared = denial ?? leeway ?? (isRuled || isView(sight) ? declaration?.reason : undefined);
    const answer = sayAnswer(errorOf(after, [counted[0]?.image ?? place], change));
    const undeclared =
      isRuled && !isBroken
        ? `${ruled.saying} so, but nothing declares that it is lost`
        : `${declaration === undefined ? noRule : unruled}${answer}`;
    const reason = declared ?? undeclared;
    return [{ ...change, isDeclared: declared !== undefined, reason }];
  });
}

const noRule = 'no rule of access/ says so';

/** Whose loss a rule has to say, if only of nobody. */
const unruled = 'access.differences declares it, and no rule of access/ says who is still to reach the row';

function sayNoRule({ unasked }: Comparison): string {
  return unasked === null
    ? noRule
    : `bundle.yml does not declare it under access.differences, and ${unasked}`;
}

const sayAnswer = (error: string | null) => (error === null ? '' : `: the database answers ${error}`);

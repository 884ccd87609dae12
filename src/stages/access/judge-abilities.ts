/** What people could do, what they can do, and what the bundle says that they should → every difference, declared or not. */
import type { Access, AccessVerb, DeclaredDifference } from '../../model.js';
import { rowName } from './lay-out.js';
import { type Ability, isUnknown, type Observation, type Sight } from './observe.js';
import type { Kinship, Place } from './recognise-rows.js';
import { type Rules, ruleKey } from './run-rules.js';

/**
 * Table → its rows, each by the table's number and where it was, `16384(0,1)` → for which reason of the manifest it may be in
 * quarantine; null: for none.
 */
export type SetAside = ReadonlyMap<string, ReadonlyMap<string, string | null>>;

/** One person, one verb, one row. */
export interface Change {
  readonly outcome: 'gained' | 'lost' | 'regained';
  /** Place in the list of people. */
  readonly person: number;
  readonly verb: AccessVerb;
  /** Where the difference is seen: now, or for something lost, before. */
  readonly place: Place;
  readonly isDeclared: boolean;
  readonly reason: string;
  /** Of what was lost: a rule says that they can, and they never could. */
  readonly isDeniedAsBefore?: boolean;
}

export interface Comparison {
  readonly before: Observation;
  readonly after: Observation;
  readonly kinship: Kinship;
  /** Rows that are in quarantine now. */
  readonly setAside: SetAside;
  readonly rules: Rules;
  readonly access: Access;
  /** Of the manifest: rows that appear in them are accounted for as rows. */
  readonly tables: readonly string[];
  /** What was tried. */
  readonly verbs: readonly AccessVerb[];
  /** A part of the fix is not blamed for what it was not meant to do, only for what it broke. */
  readonly isWholeFix: boolean;
}

export function compareAbilities(comparison: Comparison): Change[] {
  const { before, after, verbs } = comparison;
  const people = [...after.people.keys()];
  return [
    ...[...after.sights.values()].flatMap((sight) =>
      verbs.flatMap((verb) => people.flatMap((person) => gainsOf(comparison, sight, verb, person))),
    ),
    ...[...before.sights.values()].flatMap((sight) =>
      verbs.flatMap((verb) => people.flatMap((person) => lossesOf(comparison, sight, verb, person))),
    ),
  ];
}

/** Copies are added of some rows alone: of the others it was not tried. */
type Reach = 'yes' | 'no' | 'unknown' | 'untried';

const nothing: ReadonlySet<number> = new Set();

function abilityOf(observation: Observation, table: string, person: number, verb: AccessVerb): Ability {
  return observation.sights.get(table)?.abilities[person]?.[verb] ?? nothing;
}

function reachOf(observation: Observation, { table, row }: Place, person: number, verb: AccessVerb): Reach {
  const ability = abilityOf(observation, table, person, verb);
  if (isUnknown(ability)) return 'unknown';
  if (verb === 'add' && isUntried(observation, table, person, row)) return 'untried';
  return ability.has(row) ? 'yes' : 'no';
}

/** Where the privileges let nobody add anything there was nothing to try. */
function isUntried({ sights, people }: Observation, table: string, person: number, row: number): boolean {
  const sight = sights.get(table);
  const mayAdd = (sight?.roles.get(people[person]?.role ?? '')?.adds.length ?? 0) > 0;
  const copied = sight?.copied[person];
  return mayAdd && copied !== undefined && copied.size > 0 && !copied.has(row);
}

interface Ruling {
  readonly isAllowed: boolean;
  /** Why it is right, if it is new. */
  readonly reason: string | null;
}

/** What rules say of rows as they were, for the table in which they are now; null where none speaks of them. */
function rulingOf(
  { rules, before }: Comparison,
  sources: readonly Place[],
  destination: string,
  { person, verb }: { readonly person: number; readonly verb: AccessVerb },
): Ruling | null {
  const name = before.people[person]?.name ?? '';
  const found = sources.flatMap(({ table, row }) => {
    const place = before.sights.get(table)?.rows[row]?.place ?? null;
    const ruled = { source: table, row: rowName(place, row), verb };
    return [destination, null].flatMap((where) => rules.reaches.get(ruleKey(ruled, where)) ?? []);
  });
  if (found.length === 0) return null;
  const isAllowed = found.some(({ allowed }) => allowed.has(name));
  const reasons = found.map(({ allowed, denied }) => (isAllowed ? allowed : denied).get(name) ?? null);
  return { isAllowed, reason: reasons.find((why) => why !== null) ?? null };
}

/** Why it is right that somebody comes to reach a row, or ceases to, where no rule says who does. */
function leewayOf(
  { rules, before }: Comparison,
  sources: readonly Place[],
  {
    outcome,
    person,
    verb,
  }: { readonly outcome: 'gained' | 'lost'; readonly person: number; readonly verb: AccessVerb },
): string | undefined {
  const name = before.people[person]?.name ?? '';
  const reasons = sources.map(({ table, row }) => {
    const place = before.sights.get(table)?.rows[row]?.place ?? null;
    return rules.leeways
      .get(ruleKey({ source: table, row: rowName(place, row), verb }, null))
      ?.[outcome].get(name);
  });
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

/** The same for a row that nobody saw before, by what it says. */
function leewayOfNew(
  { rules, after }: Comparison,
  { table, rows }: Sight,
  { person, verb, place }: Pick<Change, 'person' | 'verb' | 'place'>,
): string | undefined {
  const name = after.people[person]?.name ?? '';
  const said = [...(rows[place.row]?.values.values() ?? [])].filter((value) => value !== null);
  return said
    .map((value) =>
      rules.leeways.get(ruleKey({ source: table, row: `=${value}`, verb }, null))?.gained.get(name),
    )
    .find((reason) => reason !== undefined);
}

function gainsOf(comparison: Comparison, sight: Sight, verb: AccessVerb, person: number): Change[] {
  const { before, kinship, tables } = comparison;
  const ability = sight.abilities[person]?.[verb] ?? nothing;
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
      const declared = declarationFor(comparison, change, []);
      const reason = declared?.reason ?? 'no row that was there became this one';
      return [{ ...change, isDeclared: declared !== undefined, reason }];
    }
    const reaches = sources.map((source) => reachOf(before, source, person, verb));
    const ruling = rulingOf(comparison, sources, sight.table, { person, verb });
    const rule = ruling === null ? null : ruling.isAllowed;
    const isAsBefore = reaches.includes('yes');
    // Whoever still reaches what a rule denies them has gained nothing, but the fix has not done what it says.
    if (rule === false && (!isAsBefore || comparison.isWholeFix)) {
      const reason = `access/ says that they must not${isAsBefore ? ', as before' : ''}`;
      return [{ ...change, isDeclared: false, reason }];
    }
    if (isAsBefore || reaches.every((reach) => reach === 'untried')) return [];
    const leeway = rule === null ? leewayOf(comparison, sources, change) : undefined;
    if (leeway !== undefined) return [{ ...change, isDeclared: true, reason: leeway }];
    if (reaches.includes('unknown')) {
      const isHealed = rule === null && isOthersRecursion(comparison, sight, change);
      return rule === true || isHealed
        ? [
            {
              ...change,
              outcome: 'regained',
              isDeclared: true,
              reason: isHealed
                ? 'its own policies, as they were, answer without the recursion'
                : 'a rule of access/ says so',
            },
          ]
        : [
            {
              ...change,
              isDeclared: false,
              reason: `before, the database answered with an error${causeOf(before, sources, change)}, and no rule of access/ says who is to`,
            },
          ];
    }
    const declared =
      rule === true ? (ruling?.reason ?? declarationFor(comparison, change, sources)?.reason) : undefined;
    return [
      {
        ...change,
        isDeclared: declared !== undefined,
        reason: declared ?? (rule === true ? 'access/ says so, but nothing declares that it is new' : noRule),
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
  if (tables.includes(table) || kind === 'v') return false;
  const ability = abilityOf(before, table, person, verb);
  const role = after.people[person]?.role ?? '';
  const rules = before.sights.get(table)?.roles.get(role)?.rules;
  return (
    isUnknown(ability) &&
    ability.sqlstate === '42P17' &&
    rules !== undefined &&
    rules === after.sights.get(table)?.roles.get(role)?.rules
  );
}

function lossesOf(comparison: Comparison, sight: Sight, verb: AccessVerb, person: number): Change[] {
  const { before, after, kinship } = comparison;
  return [...sight.rows.keys()].flatMap((row): Change[] => {
    const place = { table: sight.table, row };
    const images = kinship.images.get(sight.table)?.[row] ?? [];
    // A row of a table that is nowhere is missing as a row; what a view shows no longer, nobody else misses.
    if (images.length === 0 && (sight.kind === 'r' || sight.kind === 'p')) {
      const because = comparison.setAside.get(sight.table)?.get(sight.rows[row]?.place ?? '');
      // Nobody reads what is in quarantine.
      if (because === undefined || verb !== 'read' || reachOf(before, place, person, verb) !== 'yes')
        return [];
      const reason = because ?? 'it is in quarantine, and bundle.yml does not let it be there';
      return [{ outcome: 'lost', person, verb, place, isDeclared: because !== null, reason }];
    }
    const now = images.map((image) => ({
      image,
      reach: reachOf(after, image, person, verb),
      ruling: rulingOf(comparison, [place], image.table, { person, verb }),
    }));
    const change = { outcome: 'lost', person, verb, place } as const;
    const denied = now.find(
      ({ ruling, reach }) => ruling?.isAllowed === true && reach !== 'yes' && reach !== 'untried',
    );
    const could = reachOf(before, place, person, verb) === 'yes';
    if (denied !== undefined && (could || comparison.isWholeFix)) {
      const reason = `access/ says that they can${errorOf(after, denied.image, change)}`;
      return [{ ...change, isDeclared: false, reason, isDeniedAsBefore: !could }];
    }
    if (!could) return [];
    // Where it was, if it is there still: an application asks for it by that name.
    const inPlace = now.filter(({ image }) => image.table === sight.table);
    const counted = inPlace.length > 0 ? inPlace : now;
    if (counted.some(({ reach }) => reach === 'yes' || reach === 'untried')) return [];
    // What a view shows has no place by which a rule could name it.
    const isRuled = counted.some(({ ruling }) => ruling !== null);
    const mayBeDeclared = isRuled || sight.kind === 'v';
    const denial = counted.map(({ ruling }) => ruling?.reason ?? null).find((why) => why !== null);
    // What fails in another way than by a refusal is broken, and not what anybody meant.
    const ability = abilityOf(after, sight.table, person, verb);
    const isBroken = isUnknown(ability) && ability.sqlstate !== '42501';
    const leeway = isBroken ? undefined : leewayOf(comparison, [place], change);
    const declared =
      denial ?? leeway ?? (mayBeDeclared ? declarationFor(comparison, change, [place])?.reason : undefined);
    const error = errorOf(after, counted[0]?.image ?? place, change);
    const undeclared =
      isRuled && !isBroken ? 'access/ says so, but nothing declares that it is lost' : `${noRule}${error}`;
    const reason = declared ?? undeclared;
    return [{ ...change, isDeclared: declared !== undefined, reason }];
  });
}

const noRule = 'no rule of access/ says so';

function errorOf(
  after: Observation,
  { table }: Place,
  { person, verb }: Pick<Change, 'person' | 'verb'>,
): string {
  const ability = abilityOf(after, table, person, verb);
  return isUnknown(ability) ? `: the database answers ${sayError(ability)}` : '';
}

/** ` (42P17, infinite recursion …)` */
function causeOf(
  before: Observation,
  sources: readonly Place[],
  { person, verb }: Pick<Change, 'person' | 'verb'>,
): string {
  const ability = sources.map(({ table }) => abilityOf(before, table, person, verb)).find(isUnknown);
  return ability === undefined ? '' : ` (${sayError(ability)})`;
}

const sayError = ({ sqlstate, message }: Extract<Ability, { readonly sqlstate: string }>) =>
  message === '' ? sqlstate : `${sqlstate}, ${message}`;

function declarationFor(
  comparison: Comparison,
  {
    outcome,
    verb,
    place,
    person,
  }: Pick<Change, 'verb' | 'place' | 'person'> & { readonly outcome: 'gained' | 'lost' },
  sources: readonly Place[],
): DeclaredDifference | undefined {
  return comparison.access.differences.find(
    (declared) =>
      declared.table === place.table &&
      declared.verb === verb &&
      declared.outcome === outcome &&
      holdsWhen(comparison, declared, sources, verb) &&
      coversColumns(comparison, declared, place, person),
  );
}

function holdsWhen(
  { before }: Comparison,
  { when }: DeclaredDifference,
  sources: readonly Place[],
  verb: AccessVerb,
): boolean {
  if (when === null) return true;
  if (sources.length === 0) return false;
  const anybody = [...before.people.keys()];
  if (when === 'open') {
    const outsiders = anybody.filter((person) => before.people[person]?.kind === 'stranger');
    return sources.every((source) =>
      outsiders.some((person) => reachOf(before, source, person, verb) === 'yes'),
    );
  }
  return sources.every(({ table }) =>
    anybody.every((person) => {
      const ability = abilityOf(before, table, person, verb);
      return !isUnknown(ability) && ability.size === 0;
    }),
  );
}

/** Every column that the person could change must be one of those that the bundle names; of other verbs columns say nothing about rows. */
function coversColumns(
  { before }: Comparison,
  { columns, verb }: DeclaredDifference,
  { table }: Place,
  person: number,
): boolean {
  if (columns === null) return true;
  if (verb !== 'change') return false;
  const role = before.people[person]?.role ?? '';
  const changes = before.sights.get(table)?.roles.get(role)?.changes ?? [];
  return changes.every((column) => columns.includes(column));
}

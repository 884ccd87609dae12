/** What people could do, what they can do, and what the bundle says that they should → every difference, declared or not. */
import type { Access, AccessVerb, DeclaredDifference } from '../../model.js';
import { type Ability, isUnknown, type Observation, type Sight } from './observe.js';
import type { Kinship, Place } from './recognise-rows.js';
import { type Rules, ruleKey, tidOf } from './run-rules.js';

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
}

export interface Comparison {
  readonly before: Observation;
  readonly after: Observation;
  readonly kinship: Kinship;
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

type Reach = 'yes' | 'no' | 'unknown';

const nothing: ReadonlySet<number> = new Set();

function abilityOf(observation: Observation, table: string, person: number, verb: AccessVerb): Ability {
  return observation.sights.get(table)?.abilities[person]?.[verb] ?? nothing;
}

function reachOf(observation: Observation, { table, row }: Place, person: number, verb: AccessVerb): Reach {
  const ability = abilityOf(observation, table, person, verb);
  if (isUnknown(ability)) return 'unknown';
  return ability.has(row) ? 'yes' : 'no';
}

/** What rules say of a row as it was; null where none speaks of it. */
function ruleOf({ rules, before }: Comparison, places: readonly Place[], person: number, verb: AccessVerb) {
  let isRuled = false;
  const name = before.people[person]?.name ?? '';
  for (const { table, row } of places) {
    const place = before.sights.get(table)?.rows[row]?.place;
    if (place == null) continue;
    const reaches = rules.reaches.get(ruleKey(table, tidOf(place), verb));
    if (reaches?.has(name)) return true;
    isRuled ||= reaches !== undefined;
  }
  return isRuled ? false : null;
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
      // A new row of the fix's own tables is judged as a row; anywhere else nobody can say whose it is.
      if (tables.includes(sight.table)) return [];
      return [{ ...change, isDeclared: false, reason: 'no row that was there became this one' }];
    }
    const reaches = sources.map((source) => reachOf(before, source, person, verb));
    const rule = ruleOf(comparison, sources, person, verb);
    const isAsBefore = reaches.includes('yes');
    if (rule === false && (!isAsBefore || comparison.isWholeFix)) {
      return contradicted(comparison, change, isAsBefore);
    }
    if (isAsBefore) return [];
    if (reaches.includes('unknown')) {
      return rule === true
        ? [{ ...change, outcome: 'regained', isDeclared: true, reason: 'a rule of access/ says so' }]
        : [
            {
              ...change,
              isDeclared: false,
              reason: 'before, the database answered with an error, and no rule of access/ says who is to',
            },
          ];
    }
    const declared = rule === true ? declarationFor(comparison, change, sources) : undefined;
    return [
      {
        ...change,
        isDeclared: declared !== undefined,
        reason:
          declared?.reason ??
          (rule === true
            ? 'access/ says so, but bundle.yml does not declare that it is new'
            : 'no rule of access/ says so'),
      },
    ];
  });
}

/** Whoever still reaches what a rule denies them has gained nothing, but the fix has not done what it says. */
function contradicted(
  { before }: Comparison,
  change: Pick<Change, 'person' | 'verb' | 'place'> & { readonly outcome: 'gained' },
  isAsBefore: boolean,
): Change[] {
  const could = isAsBefore ? ', as before' : '';
  return [
    {
      ...change,
      isDeclared: false,
      reason: `access/ says that ${before.people[change.person]?.name} must not${could}`,
    },
  ];
}

function lossesOf(comparison: Comparison, sight: Sight, verb: AccessVerb, person: number): Change[] {
  const { after, kinship } = comparison;
  return [...sight.rows.keys()].flatMap((row): Change[] => {
    const place = { table: sight.table, row };
    const images = kinship.images.get(sight.table)?.[row] ?? [];
    // A row of a table that is nowhere is missing as a row; what a view shows no longer, nobody else misses.
    if (images.length === 0 && (sight.kind === 'r' || sight.kind === 'p')) return [];
    const reach = reachOf(comparison.before, place, person, verb);
    const rule = ruleOf(comparison, [place], person, verb);
    if (reach !== 'yes' && !(rule === true && comparison.isWholeFix)) return [];
    const inPlace = images.filter(({ table }) => table === sight.table);
    const counted = inPlace.length > 0 && rule === null ? inPlace : images;
    if (counted.some((image) => reachOf(after, image, person, verb) === 'yes')) return [];
    const failing = counted.map(({ table }) => abilityOf(after, table, person, verb)).find(isUnknown);
    const error =
      failing === undefined ? '' : `: the database answers ${failing.sqlstate}, ${failing.message}`;
    const change = { outcome: 'lost', person, verb, place } as const;
    if (rule === true)
      return [{ ...change, isDeclared: false, reason: `access/ says that they can${error}` }];
    const declared = rule === false ? declarationFor(comparison, change, [place]) : undefined;
    const reason =
      declared?.reason ??
      (rule === false
        ? 'access/ says so, but bundle.yml does not declare that it is lost'
        : `no rule of access/ says so${error}`);
    return [{ ...change, isDeclared: declared !== undefined, reason }];
  });
}

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

/** Every column that the person could change must be one of those that the bundle names. */
function coversColumns(
  { before }: Comparison,
  { columns }: DeclaredDifference,
  { table }: Place,
  person: number,
): boolean {
  if (columns === null) return true;
  const role = before.people[person]?.role ?? '';
  const changes = before.sights.get(table)?.roles.get(role)?.changes ?? [];
  return changes.every((column) => columns.includes(column));
}

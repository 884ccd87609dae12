/** A row that somebody reaches now, or no longer → what access/ says of it, and which declaration of the manifest it falls under. */
import type { AccessVerb, DeclaredDifference } from '../../model.js';
import type { Change, Comparison } from './comparison.js';
import { findDeclared } from './declared.js';
import { rowName } from './lay-out.js';
import { isUnknown, type Sight } from './observation.js';
import { abilityOf, reachOf } from './reach.js';
import type { Place } from './recognise-rows.js';
import { type Reach, ruleKey } from './run-rules.js';

export interface Ruling {
  readonly isAllowed: boolean;
  /** Why it is right, if it is new. */
  readonly reason: string | null;
  /** Which files say so, with the verb: `access/01_own_notes.sql says`. */
  readonly saying: string;
}

/** What rules say of rows as they were, for the table in which they are now, whoever is asked about. */
export function spokenOf(
  { rules, before }: Comparison,
  sources: readonly Place[],
  destination: string,
  verb: AccessVerb,
): Reach[] {
  return sources.flatMap(({ table, row }) => {
    const place = before.sights.get(table)?.rows[row]?.place ?? null;
    const ruled = { source: table, row: rowName(place, row), verb };
    return [destination, null].flatMap((where) => rules.reaches.get(ruleKey(ruled, where)) ?? []);
  });
}

/** Of one person; null where no rule speaks of the rows. */
export function rulingOf({ before }: Comparison, spoken: readonly Reach[], person: number): Ruling | null {
  if (spoken.length === 0) return null;
  const name = before.people[person]?.name ?? '';
  const isAllowed = spoken.some(({ allowed }) => allowed.has(name));
  const reasons = spoken.map(({ allowed, denied, deniedOthers }) =>
    isAllowed ? (allowed.get(name) ?? null) : (denied.get(name) ?? deniedOthers),
  );
  return {
    isAllowed,
    reason: reasons.find((why) => why !== null) ?? null,
    // Most are asked for nothing else than that they allow what is possible.
    get saying() {
      const files = spoken.flatMap((reach) => [...reach.files]);
      return say(files.flatMap(([file, lets]) => (!isAllowed || lets.has(name) ? [file] : [])));
    },
  };
}

function say(files: readonly string[]): string {
  const [first = 'access/', ...others] = [...new Set(files)].sort();
  return others.length === 0 ? `${first} says` : `${first} and ${others.join(' and ')} say`;
}

/** Why it is right that somebody comes to reach a row, or ceases to, where no rule says who does. */
export function leewayOf(
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
    const leeway = rules.leeways.get(ruleKey({ source: table, row: rowName(place, row), verb }, null));
    return (
      leeway?.[outcome].get(name) ?? (outcome === 'lost' ? (leeway?.lostByOthers ?? undefined) : undefined)
    );
  });
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

/** The same for a row that nobody saw before, by what it says. */
export function leewayOfNew(
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

export function declarationFor(
  comparison: Comparison,
  {
    outcome,
    verb,
    place,
    person,
  }: Pick<Change, 'verb' | 'place' | 'person'> & { readonly outcome: 'gained' | 'lost' },
  sources: readonly Place[],
): DeclaredDifference | undefined {
  return findDeclared(
    comparison.declared,
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

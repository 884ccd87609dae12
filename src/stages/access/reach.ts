/** One person, one verb, one row → whether they reach it, as it was observed; or the error that the database answered. */
import type { AccessVerb } from '../../model.js';
import type { Change } from './comparison.js';
import { isCutShort } from './limit-time.js';
import { type Ability, isUnknown, type Observation } from './observation.js';
import type { Place } from './recognise-rows.js';

/** Copies are added of some rows alone: of the others it was not tried. */
export type Reach = 'yes' | 'no' | 'unknown' | 'untried';

const nothing: ReadonlySet<number> = new Set();

export function abilityOf(
  observation: Observation,
  table: string,
  person: number,
  verb: AccessVerb,
): Ability {
  return observation.sights.get(table)?.abilities[person]?.[verb] ?? nothing;
}

export function reachOf(
  observation: Observation,
  { table, row }: Place,
  person: number,
  verb: AccessVerb,
): Reach {
  const ability = abilityOf(observation, table, person, verb);
  if (isUnknown(ability)) return observation.isTimed && isCutShort(ability) ? 'untried' : 'unknown';
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

/** `42P17, infinite recursion …`: of the first that was answered with one, or null. */
export function errorOf(
  observation: Observation,
  places: readonly Place[],
  { person, verb }: Pick<Change, 'person' | 'verb'>,
): string | null {
  const found = places.map(({ table }) => abilityOf(observation, table, person, verb)).find(isUnknown);
  if (found === undefined) return null;
  return found.message === '' ? found.sqlstate : `${found.sqlstate}, ${found.message}`;
}

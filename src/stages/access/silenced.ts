/** What people could read and can read → tables that newly answer everybody with an error, behind which nobody sees what the policies let through, a sentence each. */
import { isCutShort } from './limit-time.js';
import { type Ability, isUnknown, type Observation } from './observation.js';
import { abilityOf } from './reach.js';

export function tellSilenced(before: Observation, after: Observation): string[] {
  return [...after.sights.values()].flatMap(({ table, kind, rows, roles }) => {
    if (rows.length === 0 || (kind !== 'r' && kind !== 'p')) return [];
    const readers = [...after.people.keys()].filter(
      (person) => (roles.get(after.people[person]?.role ?? '')?.reads.length ?? 0) > 0,
    );
    const answers = readers.map((person) => abilityOf(after, table, person, 'read'));
    const [error] = answers.filter(isUnknown);
    if (error === undefined || !answers.every(isError)) return [];
    if (readers.every((person) => isError(abilityOf(before, table, person, 'read')))) return [];
    const said = [error.sqlstate, error.message].filter(Boolean).join(' ');
    return [
      `everybody who may read ${table} is answered with an error now (${said}), so nobody could try what its policies let through: correct the policy or the function that raises it`,
    ];
  });
}

const isError = (ability: Ability): boolean => isUnknown(ability) && !isCutShort(ability);

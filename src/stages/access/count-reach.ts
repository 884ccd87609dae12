/** What each person could do and can do → numbers for each kind of people and each table: who can do what, at a glance. */

import { groupBy } from '../../group-by.js';
import type { AccessVerb, ReachResult } from '../../model.js';
import { isUnknown, type Observation } from './observation.js';
import { verbs } from './relation.js';

/** The people of both are the same, in the same order, but for some who are new at the end. */
export function countReach(before: Observation, after: Observation): ReachResult[] {
  const kinds = groupBy([...after.people.keys()], (place) => {
    const person = after.people[place];
    return JSON.stringify([person?.kind, person?.role]);
  });
  const tables = [...new Set([...before.sights.keys(), ...after.sights.keys()])].sort();
  return tables
    .flatMap((table) =>
      [...kinds].map(([key, places]): ReachResult => {
        const [who, role] = JSON.parse(key) as [ReachResult['who'], string];
        const count = (observation: Observation) => countOf(observation, table, places);
        return { table, who, role, people: places.length, before: count(before), after: count(after) };
      }),
    )
    .filter(({ before, after }) => verbs.some((verb) => before[verb] !== 0 || after[verb] !== 0));
}

function countOf({ sights }: Observation, table: string, places: readonly number[]): ReachResult['before'] {
  const abilities = sights.get(table)?.abilities ?? [];
  const numberOf = (verb: AccessVerb): number | null => {
    let sum = 0;
    for (const place of places) {
      const ability = abilities[place]?.[verb];
      if (ability === undefined) continue;
      if (isUnknown(ability)) return null;
      sum += ability.size;
    }
    return sum;
  };
  return Object.fromEntries(verbs.map((verb) => [verb, numberOf(verb)])) as unknown as ReachResult['before'];
}

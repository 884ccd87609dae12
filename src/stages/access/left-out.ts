/** Who was tried, and the rows → whom the bundle's query for people leaves out: a key that holds everybody of it, and others, as whom the same token or setting is brought. */
import type { Observation } from './observation.js';
import type { Person } from './people.js';
import { isTable } from './relation.js';

export function listLeftOut({ people, sights }: Pick<Observation, 'people' | 'sights'>): Person[] {
  const known = new Set(people.map(({ name }) => name));
  const inData = people.filter(({ kind }) => kind === 'in the data');
  const [example] = inData;
  // Where they bring more than who they are, nobody knows what others would.
  if (example === undefined || !inData.every((one) => isAlike(one, example))) return [];
  const others = [...sights.values()].filter(isTable).flatMap(({ rows, columns }) =>
    columns.flatMap((column) => {
      const values = new Set(rows.flatMap((row) => row.values.get(column) ?? []));
      const isTheirKey = values.size === rows.length && inData.every(({ name }) => values.has(name));
      return isTheirKey ? [...values].filter((value) => !known.has(value)) : [];
    }),
  );
  return [...new Set(others)]
    .filter((name) => /^[\w.@+-]+$/.test(name))
    .map((name) => ({ ...example, name, settings: settingsAs(example, name) }));
}

const isAlike = (one: Person, other: Person): boolean =>
  one.role === other.role &&
  bringsOnce(one.settings, one.name) &&
  JSON.stringify(settingsAs(one, other.name)) === JSON.stringify(other.settings);

const settingsAs = ({ settings, name }: Person, another: string): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, value.replaceAll(name, another)]));

/** In one setting or claim, and as a word: what a number is part of would be another's, too. */
function bringsOnce(settings: Person['settings'], name: string): boolean {
  const words = Object.values(settings).flatMap((value) => value.split(/[^\w.@+-]+/));
  return (
    words.filter((word) => word === name).length === 1 &&
    words.filter((word) => word.includes(name)).length === 1
  );
}

/** Rows of a table and people → of which rows each person adds a copy, of all that there are or of some. */
import type { Row } from './observation.js';
import { isOutside, type Person } from './people.js';

/** Copies that are added of one table, as each person: rows that name them, and some of all others. Outsiders add all of these. */
const mostCopies = 40;
const mostCopiesOfOwn = 10;

/** `choices` are places in `copies`, for each person. */
export function chooseCopies(
  rows: readonly Row[],
  people: readonly Person[],
): { readonly copies: readonly number[]; readonly choices: readonly (readonly number[])[] } {
  const step = Math.max(1, Math.ceil(rows.length / mostCopies));
  const shared = [...rows.keys()].filter((index) => index % step === 0);
  const positions = new Map(shared.map((row, position) => [row, position]));
  const copies = [...shared];
  const naming = step === 1 ? null : indexValues(rows);
  const chosen = people.map(({ name }) => {
    const own = (naming?.get(name) ?? []).slice(0, mostCopiesOfOwn).map((row) => {
      const known = positions.get(row);
      if (known !== undefined) return known;
      positions.set(row, copies.length);
      return copies.push(row) - 1;
    });
    return [...new Set([...shared.keys(), ...own])];
  });
  // What an outsider may add is open to everybody.
  const all = [...copies.keys()];
  const choices = people.map((person, index) => (isOutside(person) ? all : (chosen[index] ?? all)));
  return { copies, choices };
}

function indexValues(rows: readonly Row[]): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (const [number, { values }] of rows.entries()) {
    for (const value of new Set(values.values())) {
      if (value === null) continue;
      const known = index.get(value);
      if (known === undefined) index.set(value, [number]);
      else known.push(number);
    }
  }
  return index;
}

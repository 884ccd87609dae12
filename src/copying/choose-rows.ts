/** A number → which rows of each table are a sample of so many, and of those that they are keyed to, so that no key leads nowhere. */

import type { Session } from '../database/with-session.js';
import { groupBy } from '../group-by.js';
import type { LiveRows } from './list-tables.js';

/** The table's oid → where its rows are within it, as of the moment that the transaction sees. */
export type ChosenRows = ReadonlyMap<string, ReadonlySet<string>>;

interface Found {
  readonly table_oid: string;
  readonly place: string;
}

/** Rows that are looked for at once. */
const mostAtOnce = 5000;

/** Always the same for the same rows: the first and the last by their key, old and new, each half of the number. */
export async function chooseRows(
  session: Session,
  { tables, choices, keys }: LiveRows,
  count: number,
): Promise<ChosenRows> {
  const chosen = new Map<string, Set<string>>(tables.map(({ oid }) => [oid, new Set()]));
  const names = new Map(tables.map(({ oid, name }) => [oid, name]));
  const keysOf = groupBy(keys, ({ child }) => child);

  /** Those that were not chosen yet, by table. */
  const add = (found: readonly Found[]): Map<string, string[]> => {
    const fresh = new Map<string, string[]>();
    for (const { table_oid, place } of found) {
      const places = chosen.get(table_oid);
      // A partition elsewhere, or a table that is not copied.
      if (places === undefined || places.has(place)) continue;
      places.add(place);
      fresh.set(table_oid, [...(fresh.get(table_oid) ?? []), place]);
    }
    return fresh;
  };

  const waiting: [string, string[]][] = [];
  for (const { from, key } of choices) {
    const { rows } = await session.query<Found>(sampleQuery(from, key), [
      Math.ceil(count / 2),
      Math.floor(count / 2),
    ]);
    waiting.push(...add(rows));
  }
  // Parents of parents, and what is keyed to itself, until nothing is new.
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [oid, places] = next;
    for (const { parent, condition } of keysOf.get(oid) ?? []) {
      for (let at = 0; at < places.length; at += mostAtOnce) {
        const { rows } = await session.query<Found>(
          `select distinct p.tableoid::text as table_oid, p.ctid::text as place
           from only ${names.get(oid)} as c
           inner join ${parent} as p on ${condition}
           where c.ctid = any ($1::tid[])`,
          [places.slice(at, at + mostAtOnce)],
        );
        waiting.push(...add(rows));
      }
    }
  }
  return chosen;
}

function sampleQuery(from: string, key: readonly string[]): string {
  const what = 'select tableoid::text as table_oid, ctid::text as place';
  // Without a key, as they lie.
  if (key.length === 0) return `${what} from ${from} limit $1::int + $2::int`;
  const last = key.map((column) => `${column} desc`).join(', ');
  return `(${what} from ${from} order by ${key.join(', ')} limit $1) union all (${what} from ${from} order by ${last} limit $2)`;
}

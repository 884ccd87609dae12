/** The people, once more, as clients that set what every client may set → who reads more so, and by which setting. */
import { counted } from '../../counted.js';
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { isUnknown, type Observation } from './observation.js';
import { type ObserveOptions, observe } from './observe.js';
import type { Person } from './people.js';
import { abilityOf } from './reach.js';

/**
 * What decides how values are read, compared and shown, and what a statement may do: set to another value than the engine's
 * sessions have. The zone is one whose day is that of UTC while no summer time is kept there.
 */
const unlikeOurs: Readonly<Record<string, string>> = {
  timezone: 'Europe/London',
  datestyle: 'SQL, DMY',
  intervalstyle: 'sql_standard',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  array_nulls: 'off',
  transform_null_equals: 'on',
  quote_all_identifiers: 'on',
  xmlbinary: 'hex',
  xmloption: 'document',
  default_text_search_config: 'pg_catalog.german',
  'plpgsql.check_asserts': 'off',
  enable_hashagg: 'off',
  application_name: 'a client',
  enable_seqscan: 'off',
  // What names of objects look like; the schemas of the tables are added to those that a person has.
  search_path: '',
  transaction_read_only: 'on',
  standard_conforming_strings: 'off',
  'plpgsql.extra_errors': 'too_many_rows, strict_multi_assignment',
};

/** What a function answers with an error under one of these, it may answer otherwise without it. */
const raising = ['transaction_read_only', 'standard_conforming_strings', 'plpgsql.extra_errors'];
/** Those that raise nothing, and with them one of the others at a time. */
const fewer = [null, ...raising].map((kept) =>
  Object.fromEntries(Object.entries(unlikeOurs).filter(([name]) => name === kept || !raising.includes(name))),
);

/** By table: how many rows each person reads who sets all of it; only where that is more than without. */
export type ReadByClients = ReadonlyMap<string, ReadonlyMap<number, number>>;

export async function readAsClients(
  session: Session,
  found: Observation,
  options: ObserveOptions,
  clientSettings = unlikeOurs,
): Promise<ReadByClients> {
  const tables = [...found.sights.keys()];
  const readers = [...found.people.keys()];
  const readUnder = async (settings: Readonly<Record<string, string>>) => {
    const people =
      'search_path' in settings ? found.people.map((one) => withPathOver(tables, one)) : found.people;
    const asClients = await observe(session, people, { ...options, tables, clientSettings: settings });
    return (table: string, person: number) => countRead(asClients, table, person);
  };
  const usual = (table: string, person: number) => countRead(found, table, person);
  const all = await readUnder(clientSettings);
  const isLess = tables.some((table) => readers.some((person) => all(table, person) < usual(table, person)));
  const others: ((table: string, person: number) => number)[] = [];
  for (const settings of isLess && clientSettings === unlikeOurs ? fewer : [])
    others.push(await readUnder(settings));
  const opened = tables.map((table) => {
    const more = readers.flatMap((person): [number, number][] => {
      // What a view shows is told by its text, which the settings change.
      const most = Math.max(...[all, ...others].map((count) => count(table, person)));
      const added = most - usual(table, person);
      return added > 0 ? [[person, added]] : [];
    });
    return [table, new Map(more)] as const;
  });
  return new Map(opened.filter(([, people]) => people.size > 0));
}

/** As a client that names every schema, behind those where the API looks. */
function withPathOver(tables: readonly string[], person: Person): Person {
  const schemas = [...new Set(tables.map((table) => quoteIdentifier(table.slice(0, table.indexOf('.')))))];
  const path = [person.settings.search_path, ...schemas].join(', ');
  return { ...person, settings: { ...person.settings, search_path: path } };
}

function countRead(observed: Observation, table: string, person: number): number {
  const ability = abilityOf(observed, table, person, 'read');
  return ability === undefined || isUnknown(ability) ? 0 : ability.size;
}

/** What clients opened that they could not open before the fix, with the settings that each do it alone. */
export async function tellOpenedByClients(
  session: Session,
  found: Observation,
  options: ObserveOptions,
  before: ReadByClients,
): Promise<string[]> {
  const fresh = [...(await readAsClients(session, found, options))].filter(([table]) => !before.has(table));
  if (fresh.length === 0) return [];
  const alone = new Map<string, ReadByClients>();
  for (const [name, value] of Object.entries(unlikeOurs))
    alone.set(name, await readAsClients(session, found, options, { [name]: value }));
  return fresh.map(([table, people]) => {
    const rows = Math.max(...people.values());
    const settings = [...alone].filter(([, opened]) => opened.has(table)).map(([name]) => name);
    const by = settings.length === 0 ? 'some of its settings' : settings.join(', ');
    return `${counted(people.size, 'person', 'people')} can read up to ${counted(rows, 'more row')} of ${table} once a client sets ${by}: who reads a row must not depend on what a client sets`;
  });
}

/** Work that prepares a trial, the setup of scenarios or a step of the deployer → which rules it has changed by which the trial is judged. */
import type { Query } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import { nameOf, readObjectsOf } from './preservation/read-objects.js';

/** Who reaches what, and by which functions that is decided. */
const rules = [
  'policy',
  'privilege',
  'grant option',
  'forced row level security',
  'property',
  'function',
  'view',
  'rule',
  'membership',
];

/** What is no rule: the setup may put aside what keeps people from existing. */
const isRule = ({ kind, name }: { readonly kind: string; readonly name: string }): boolean =>
  kind !== 'property' || name === 'row level security' || name === 'owner';

export async function findChangedRules(session: Session, work: () => Promise<unknown>): Promise<string[]> {
  const read = async () =>
    new Map(
      (await readObjectsOf(session, rules))
        .filter(isRule)
        .map((object) => [JSON.stringify([nameOf(object), object.written]), nameOf(object)]),
    );
  const before = await read();
  await work();
  const after = await read();
  const differing = [...before, ...after].filter(([key]) => !before.has(key) || !after.has(key));
  return [...new Set(differing.map(([, name]) => name))];
}

/** Where Postgres keeps rules, the privileges on tables, columns, functions and schemas among them. */
const places = [
  'pg_policy',
  'pg_class',
  'pg_attribute',
  'pg_proc',
  'pg_namespace',
  'pg_rewrite',
  'pg_auth_members',
  'pg_authid',
];

/**
 * How often this transaction has written there, also what it has undone: where that is as before, work has changed no rule. The work
 * of a step is looked at so: it is done often and hardly ever changes anything but rows.
 */
export const countWrites: Query = {
  text: `select pg_catalog.sum(
       pg_catalog.pg_stat_get_xact_tuples_inserted(c) + pg_catalog.pg_stat_get_xact_tuples_updated(c)
       + pg_catalog.pg_stat_get_xact_tuples_deleted(c)
   )::pg_catalog.text as writes
   from pg_catalog.unnest($1::pg_catalog.regclass[]) as c`,
  values: [places.map((name) => `pg_catalog.${name}`)],
};

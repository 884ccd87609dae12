/** Work that prepares a trial, the setup of scenarios or a step of the deployer → which rules it has changed by which the trial is judged. */
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

/**
 * The same for work that is done often and hardly ever changes anything but rows: done once more, between two looks at all
 * rules, only where this transaction has written where Postgres keeps them.
 */
export async function watchTheRules<T>(
  session: Session,
  work: () => Promise<T>,
): Promise<{ readonly done: T; readonly changed: readonly string[] }> {
  const before = await countWrites(session);
  await session.query('savepoint rules');
  let done = await work();
  let changed: string[] = [];
  if ((await countWrites(session)) !== before) {
    await session.query('rollback to savepoint rules');
    changed = await findChangedRules(session, async () => {
      done = await work();
    });
  }
  await session.query('release savepoint rules');
  return { done, changed };
}

/** What was written and then undone counts too. */
async function countWrites(session: Session): Promise<string> {
  const { rows } = await session.query<{ writes: string }>(
    `select sum(
         pg_catalog.pg_stat_get_xact_tuples_inserted(c) + pg_catalog.pg_stat_get_xact_tuples_updated(c)
         + pg_catalog.pg_stat_get_xact_tuples_deleted(c)
     ) as writes
     from unnest($1::regclass[]) as c`,
    [places.map((name) => `pg_catalog.${name}`)],
  );
  return rows[0]?.writes ?? '';
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

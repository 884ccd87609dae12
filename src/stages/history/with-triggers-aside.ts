/** Work during which neither triggers, forced row level security nor a publication have a say in the tables' rows. */
import type { Session } from '../../database/with-session.js';
import type { Matched } from './match-rows.js';
import type { Run } from './run.js';
import { nameOf } from './take-out-rows.js';

interface Trigger {
  readonly id: string;
  readonly oid: string;
  readonly name: string;
  readonly enabled: string;
}

/** By the owner's right, and put back as it was where it is still there: what goes with the deployment has gone. */
export async function withTriggersAside<T>(
  session: Session,
  run: Run,
  {
    matched,
    wanted,
  }: {
    readonly matched: readonly Matched[];
    /** The definition that an object is to have when all is done, or empty. */
    readonly wanted: (object: string) => string;
  },
  work: () => Promise<T>,
): Promise<T> {
  const oids = matched.flatMap(({ table, oid }) => (table.before === null || oid === null ? [] : [oid]));
  const { rows: triggers } = await session.query<Trigger>(
    `select oid::pg_catalog.text as id, tgrelid::pg_catalog.oid::pg_catalog.text as oid, pg_catalog.quote_ident(tgname) as name, tgenabled as enabled
     from pg_catalog.pg_trigger
     where not tgisinternal and tgenabled <> 'D' and tgrelid = any($1::pg_catalog.oid[])`,
    [oids],
  );
  const { rows: forced } = await session.query<{ oid: string }>(
    `select c.oid::pg_catalog.text as oid from pg_catalog.pg_class as c
     where c.oid = any($1::pg_catalog.oid[]) and c.relforcerowsecurity and pg_catalog.row_security_active(c.oid)`,
    [oids],
  );
  for (const { oid } of forced)
    await run(`alter table ${await nameOf(session, oid)} no force row level security`);
  for (const { oid, name } of triggers)
    await run(`alter table ${await nameOf(session, oid)} disable trigger ${name}`);
  // Of what is published a row can be changed only by what tells it from others, and a key may come and go meanwhile.
  const { rows: told } = await session.query<{ oid: string }>(
    `select c.oid::pg_catalog.text as oid
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where
         c.oid = any($1::pg_catalog.oid[]) and c.relreplident <> 'f'
         and exists (
             select from pg_catalog.pg_publication_tables as p where p.schemaname = n.nspname and p.tablename = c.relname
         )`,
    [oids],
  );
  for (const { oid } of told) await run(`alter table ${await nameOf(session, oid)} replica identity full`);
  const result = await work();
  // What is late of the way back was run as if nothing had been set aside.
  await run('set constraints all immediate');
  for (const { id, oid, name, enabled } of triggers) {
    const table = await nameOf(session, oid);
    if (table === '' || !(await isThere(session, id))) continue;
    await run(`alter table ${table} enable ${words[enabled] ?? ''}trigger ${name}`);
  }
  for (const { oid } of forced) {
    const table = await nameOf(session, oid);
    if (table !== '' && / forced t /.test(wanted(`table ${table}`))) {
      await run(`alter table ${table} force row level security`);
    }
  }
  for (const { oid } of told) {
    const table = await nameOf(session, oid);
    if (table === '') continue;
    const identity = identityOf(table, wanted);
    if (identity !== null) await run(`alter table ${table} replica identity ${identity}`);
  }
  return result;
}

const words: Readonly<Record<string, string>> = { A: 'always ', R: 'replica ' };

async function isThere(session: Session, id: string): Promise<boolean> {
  const { rows } = await session.query('select from pg_catalog.pg_trigger where oid = $1::pg_catalog.oid', [
    id,
  ]);
  return rows.length > 0;
}

/** null: all of the row, as it is by now. */
function identityOf(table: string, wanted: (object: string) => string): string | null {
  const [, letter] = / replica identity (\w) /.exec(wanted(`table ${table}`)) ?? [];
  if (letter === 'd') return 'default';
  if (letter === 'n') return 'nothing';
  const index = letter === 'i' ? wanted(`replica identity of ${table}`) : '';
  return index === '' ? null : `using index ${index}`;
}

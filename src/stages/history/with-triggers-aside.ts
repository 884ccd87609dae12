/** Work during which neither the application's triggers nor forced row level security have a say in the tables' rows. */
import type { Session } from '../../database/with-session.js';
import type { Matched, Run } from './match-rows.js';
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
    isForced,
  }: {
    readonly matched: readonly Matched[];
    /** Whether row level security is to bind the owner of a table when all is done. */
    readonly isForced: (table: string) => boolean;
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
    if (table !== '' && isForced(table)) {
      await run(`alter table ${table} force row level security`);
    }
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

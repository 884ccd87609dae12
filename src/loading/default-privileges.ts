/** The privileges of a dump: it says them all, so what the platform grants to each new object is held back while it loads. */
import { engineSql } from '../database/engine-sql.js';
import type { Session } from '../database/with-session.js';
import type { GuardedRunner } from './run-guarded.js';

export interface HeldPrivileges {
  readonly granted: readonly string[];
  /** What was there before, by oid. */
  readonly objects: readonly string[];
}

export async function holdDefaultPrivileges(
  session: Session,
  runner: GuardedRunner,
): Promise<HeldPrivileges> {
  const { rows } = await session.query<{ granted: string; revoked: string }>(engineSql('default_privileges'));
  const { rows: objects } = await session.query<{ oid: string }>(
    'select oid::text from pg_catalog.pg_class union select oid::text from pg_catalog.pg_proc',
  );
  for (const { revoked } of rows) await runner.runAsHost(revoked);
  return { granted: rows.map(({ granted }) => granted), objects: objects.map(({ oid }) => oid) };
}

/** What the dump said: of privileges at all, and of those of objects to come. */
export interface Said {
  privileges: boolean;
  defaults: boolean;
}

/**
 * Puts them back, unless the dump says what they are. One that says nothing of any privilege was made without them
 * (`--no-privileges`), so its objects get what they would have got.
 */
export async function returnDefaultPrivileges(
  session: Session,
  runner: GuardedRunner,
  { granted, objects }: HeldPrivileges,
  said: Said,
): Promise<void> {
  if (said.defaults) return;
  for (const statement of granted) await runner.runAsHost(statement);
  if (said.privileges) return;
  const { rows } = await session.query<{ statement: string }>(engineSql('default_grants'), [objects]);
  for (const { statement } of rows) await runner.runAsHost(statement);
}

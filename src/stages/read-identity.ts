/** A session on a target → what tells it from every other database. */
import { isDatabaseError } from '../database/database-error.js';
import type { Session } from '../database/with-session.js';
import { withReading } from '../database/with-transaction.js';
import type { TargetIdentity } from '../model.js';
import type { ConnectionSettings } from '../postgres/connection.js';
import { nameTarget } from './name-target.js';

/** Outside of a transaction. An operator of somebody's must not make two databases one. */
export function readIdentity(session: Session, connection: ConnectionSettings): Promise<TargetIdentity> {
  return withReading(session, () => identify(session, placeOf(connection)));
}

/** `place` is how its reader knows it. */
export async function identify(session: Session, place: string): Promise<TargetIdentity> {
  const { rows } = await session.query<{ database: string; role: string }>(
    `select d.oid::text as database, current_user as role
     from pg_catalog.pg_database as d
     where d.datname = pg_catalog.current_database()`,
  );
  const { database = '', role = '' } = rows[0] ?? {};
  return { place, system: await readSystem(session), database, role };
}

/** `project abcdefghijklmnopqrst`, or `HOST:PORT/DATABASE`. */
export function placeOf(connection: ConnectionSettings): string {
  const { name, project } = nameTarget(connection);
  return project === null ? name : `project ${name}`;
}

/** Some hosts let nobody ask. */
async function readSystem(session: Session): Promise<string | null> {
  try {
    const { rows } = await session.query<{ system: string }>(
      'select system_identifier::text as system from pg_catalog.pg_control_system()',
    );
    return rows[0]?.system ?? null;
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return null;
  }
}

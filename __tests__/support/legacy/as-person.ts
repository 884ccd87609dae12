/** What one person says to the database through the data API: her role and her claims, for one transaction. */
import type pg from 'pg';
import type { Session } from '../../../src/database/with-session.js';
import { withRollback, withTransaction } from '../../../src/database/with-transaction.js';
import { idOf, type Person } from './people.js';

export function lookAs<T>(session: Session, person: Person, look: () => Promise<T>): Promise<T> {
  return withRollback(session, () => become(session, person).then(look));
}

export function actAs<T>(session: Session, person: Person, act: () => Promise<T>): Promise<T> {
  return withTransaction(session, () => become(session, person).then(act));
}

function become(session: Session, person: Person): Promise<pg.QueryResult> {
  const claims = JSON.stringify({ sub: idOf(person), role: 'authenticated' });
  return session.query(
    `select pg_catalog.set_config('request.jwt.claims', $1, true), pg_catalog.set_config('role', 'authenticated', true)`,
    [claims],
  );
}

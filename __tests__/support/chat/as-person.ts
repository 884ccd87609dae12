/** What one person sees through the data API: her role and her claims, in a transaction that is undone. */
import type { Session } from '../../../src/database/with-session.js';
import { withRollback } from '../../../src/database/with-transaction.js';

export function lookAs<T>(session: Session, person: string, look: () => Promise<T>): Promise<T> {
  const claims = JSON.stringify({ sub: person, role: 'authenticated' });
  return withRollback(session, async () => {
    await session.query(
      "select pg_catalog.set_config('request.jwt.claims', $1, true), pg_catalog.set_config('role', 'authenticated', true)",
      [claims],
    );
    return look();
  });
}

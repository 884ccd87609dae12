/** A state of the chat bundle → everything outside of the fix that is no longer as it was once the fix was applied. */
import { withSession } from '../../../src/database/with-session.js';
import { withTransaction } from '../../../src/database/with-transaction.js';
import type { Bundle, State } from '../../../src/model.js';
import { applyBundle } from '../apply-bundle.js';
import { withChatDatabase } from '../chat-bundle.js';
import { findTouched, observeOutside } from './observe-outside.js';

/** Throws where the fix cannot be applied. */
export function touchedByTheFix(bundle: Bundle, state: State): Promise<string[]> {
  return withChatDatabase(bundle, state, (session, connection) =>
    withSession(connection, async (superuser) => {
      const before = await observeOutside(superuser);
      await withTransaction(session, () => applyBundle(session, bundle));
      return findTouched(before, await observeOutside(superuser));
    }),
  );
}

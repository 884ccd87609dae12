/** The chat fix, or a mutant of it, rehearsed on a state, with what only somebody who knows chats can judge. */
import type pg from 'pg';
import type { ThrowawayDatabases } from '../../../src/database/throwaway-databases.js';
import { withSession } from '../../../src/database/with-session.js';
import type { Bundle, State, SubjectResult } from '../../../src/model.js';
import { rehearseState } from '../../../src/stages/rehearse-state.js';
import { withBuiltState } from '../built-state.js';
import { limits } from '../limits.js';
import { findTouched, observeOutside } from '../outside/observe-outside.js';
import { judgeRights } from './judge-rights.js';
import { readLegacyChat } from './legacy-chat.js';

export interface ChatRehearsal {
  readonly result: SubjectResult;
  /** Who sees what she may not, or does not what she may; not judged where the fix was not applied. */
  readonly rights: readonly string[];
  /** What lies outside of the fix and differs. */
  readonly touched: readonly string[];
}

/** Looked at before and after on one database: what differs is the fix's doing. Throws where the state does not load. */
export function rehearseChat(
  databases: ThrowawayDatabases,
  bundle: Bundle,
  state: State,
): Promise<ChatRehearsal> {
  return withBuiltState(databases, bundle, state, async ({ connection }) => {
    const [chat, outside] = await withSession(connection, async (session) => [
      await readLegacyChat(session),
      await observeOutside(session),
    ]);
    const result = await rehearseBuilt({ databases, bundle, state, connection });
    return withSession(connection, async (session) => {
      const { rows } = await session.query(
        "select pg_catalog.to_regclass('chat_quarantine.rows') is not null as is_applied",
      );
      if (!rows[0]?.is_applied) return { result, rights: [], touched: [] };
      return {
        result,
        touched: findTouched(outside, await observeOutside(session)),
        rights: await judgeRights(session, chat),
      };
    });
  });
}

interface BuiltPlace {
  readonly databases: ThrowawayDatabases;
  readonly bundle: Bundle;
  readonly state: State;
  readonly connection: pg.ClientConfig;
}

/** The rehearsal of a state that is built already, on the database that it has built. */
function rehearseBuilt({ databases, bundle, state, connection }: BuiltPlace): Promise<SubjectResult> {
  const here: ThrowawayDatabases = {
    ...databases,
    withRoles: (_use, work) => work(),
    withDatabase: (_place, work) => work(connection),
  };
  return rehearseState(
    here,
    bundle,
    { ...state, files: [] },
    {
      sections: bundle.sections,
      ...limits,
      isStrict: false,
      isTrusted: true,
      progress: () => undefined,
    },
  );
}

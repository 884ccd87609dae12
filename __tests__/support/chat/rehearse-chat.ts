/** The chat fix, or a mutant of it, rehearsed on a state, with what only somebody who knows chats can judge. */
import type { ThrowawayDatabases } from '../../../src/database/throwaway-databases.js';
import { withSession } from '../../../src/database/with-session.js';
import type { Bundle, State, SubjectResult } from '../../../src/model.js';
import { changesServer, rehearseState } from '../../../src/stages/rehearse-state.js';
import { findTouched, type Outside, observeOutside } from '../outside/observe-outside.js';
import { buildState } from './build-state.js';
import { judgeRights } from './judge-rights.js';
import { type LegacyChat, readLegacyChat } from './legacy-chat.js';

/** A state as it is before the fix: the same for every mutant. */
export interface Legacy {
  readonly state: State;
  readonly chat: LegacyChat;
  readonly outside: Outside;
}

export interface ChatRehearsal {
  readonly result: SubjectResult;
  /** Who sees what she may not, or does not what she may; not judged where the fix was not applied. */
  readonly rights: readonly string[];
  /** What lies outside of the fix and differs, also because the state was built at another time. */
  readonly touched: readonly string[];
}

export function readLegacy(databases: ThrowawayDatabases, bundle: Bundle, state: State): Promise<Legacy> {
  const place = { platform: state.platform ?? bundle.platform, owner: state.deployer ?? bundle.deployer };
  return databases.withRoles({ changes: changesServer(bundle, state) }, () =>
    databases.withDatabase(place, (connection) =>
      withSession(connection, async (session) => {
        await buildState(session, bundle, state);
        return { state, chat: await readLegacyChat(session), outside: await observeOutside(session) };
      }),
    ),
  );
}

export async function rehearseChat(
  databases: ThrowawayDatabases,
  bundle: Bundle,
  { state, chat, outside }: Legacy,
): Promise<ChatRehearsal> {
  let rights: readonly string[] = [];
  let touched: readonly string[] = [];
  const followed: ThrowawayDatabases = {
    ...databases,
    withDatabase: (options, work) =>
      databases.withDatabase(options, async (connection) => {
        const result = await work(connection);
        await withSession(connection, async (session) => {
          const { rows } = await session.query(
            "select pg_catalog.to_regclass('chat_quarantine.rows') is not null as is_applied",
          );
          if (!rows[0]?.is_applied) return;
          touched = findTouched(outside, await observeOutside(session));
          rights = await judgeRights(session, chat);
        });
        return result;
      }),
  };
  const result = await rehearseState(followed, bundle, state, {
    sections: bundle.sections,
    lockTimeout: 10_000,
    statementTimeout: 60_000,
    isStrict: false,
    isTrusted: true,
    progress: () => undefined,
  });
  return { result, rights, touched };
}

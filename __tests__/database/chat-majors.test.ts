import { describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import { chooseStates } from '../../src/bundle/choose-states.js';
import { withThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import type { State } from '../../src/model.js';
import { rehearseChat } from '../support/chat/rehearse-chat.js';
import { returnChat } from '../support/chat/return-chat.js';
import { loadChatBundle } from '../support/chat-bundle.js';
import { withTestServer } from '../support/server.js';
import { triesEverything } from '../support/some-of.js';

const bundle = await loadChatBundle();

/** What differs between the majors, and most of what does not: all states are rehearsed on 17, by chat-states. */
const core = triesEverything ? ['48', '55'] : ['48'];
/** Between the oldest and the newest: what 15 and 16 brought, views that ask as whoever reads them and other rules of who grants roles. */
const between = triesEverything ? [15, 16] : [];

describe('the chat fix', () => {
  it.each([[14, core] as const, ...between.map((major) => [major, core] as const), [18, core] as const])(
    'passes the core of its states on Postgres %i, and is rolled back',
    async (major, names) => {
      const options = { platforms: bundle.platforms, signal: new AbortController().signal };
      const states = chooseStates(bundle.states, { names, shard: null });
      const failed = await withTestServer({ major }, (server) =>
        withThrowawayDatabases(server.connection, options, async (databases) => {
          const limit = pLimit(2);
          const rehearsals = await limit.map(states, (state) => rehearseChat(databases, bundle, state));
          const [first] = chooseStates(bundle.states, { names: ['17'], shard: null });
          const { outcome } = await returnChat(databases, bundle, first as State);
          expect(outcome).toBe('pass');
          return rehearsals.filter(({ result, rights }) => result.outcome === 'fail' || rights.length > 0);
        }),
      );
      expect(states).toHaveLength(names.length);
      expect(failed).toEqual([]);
    },
    300_000,
  );
});

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

/** What is rolled back: on 17 every state is, by chat-rollback; on 14 every one where everything is tried. */
const returnedOn = (major: number): readonly State[] =>
  triesEverything && major === 14
    ? bundle.states.filter(({ expectation }) => expectation.kind === 'pass')
    : chooseStates(bundle.states, { names: ['17'], shard: null });
/** The way back is refused on every major: see chat-rollback. */
const refused = '84_privileges_passed_on';

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
          const returned = await limit.map(returnedOn(major), async (state) => {
            const { outcome } = await returnChat(databases, bundle, state);
            return { name: state.name, outcome };
          });
          expect(
            returned.filter(({ name, outcome }) => outcome !== (name === refused ? 'refused' : 'pass')),
          ).toEqual([]);
          return rehearsals.filter(({ result, rights }) => result.outcome === 'fail' || rights.length > 0);
        }),
      );
      expect(states).toHaveLength(names.length);
      expect(failed).toEqual([]);
    },
    triesEverything ? 1_800_000 : 300_000,
  );
});

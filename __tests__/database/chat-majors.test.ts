import { describe, expect, it } from '@jest/globals';
import { withThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import { readLegacy, rehearseChat } from '../support/chat/rehearse-chat.js';
import { loadChatBundle } from '../support/chat-bundle.js';
import { withTestServer } from '../support/server.js';

const bundle = await loadChatBundle();

/** What differs between the majors, and most of what does not: all states are rehearsed on 17, by chat-states. */
const core = bundle.states.filter(({ name }) =>
  ['02', '10', '19', '29', '42', '48', '55', '63'].includes(name.split('_')[0] ?? ''),
);

describe('the chat fix', () => {
  it.each([14, 15, 16, 18])(
    'passes the core of its states on Postgres %i',
    async (major) => {
      const options = { platforms: bundle.platforms, signal: new AbortController().signal };
      const failed = await withTestServer({ major }, (server) =>
        withThrowawayDatabases(server.connection, options, async (databases) => {
          const problems: unknown[] = [];
          for (const state of core) {
            const legacy = await readLegacy(databases, bundle, state);
            const { result, rights } = await rehearseChat(databases, bundle, legacy);
            if (result.outcome === 'fail' || rights.length > 0) problems.push({ result, rights });
          }
          return problems;
        }),
      );
      expect(core).toHaveLength(8);
      expect(failed).toEqual([]);
    },
    300_000,
  );
});

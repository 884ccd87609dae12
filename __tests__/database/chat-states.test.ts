import { availableParallelism } from 'node:os';
import { beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import type { Bundle } from '../../src/model.js';
import { type ChatRehearsal, readLegacy, rehearseChat } from '../support/chat/rehearse-chat.js';
import { loadChatBundle } from '../support/chat-bundle.js';
import { withPlatformDatabases } from '../support/server.js';

/** Jest wants to know its tests before it runs any. */
const bundle: Bundle = await loadChatBundle();

describe('the chat fix', () => {
  const rehearsals = new Map<string, ChatRehearsal>();

  beforeAll(async () => {
    const limit = pLimit(Math.max(2, availableParallelism()));
    await withPlatformDatabases(bundle.platforms, (databases) =>
      limit.map(bundle.states, async (state) => {
        const legacy = await readLegacy(databases, bundle, state);
        rehearsals.set(state.name, await rehearseChat(databases, bundle, legacy));
      }),
    );
  }, 600_000);

  it.each(bundle.states.map(({ name, title }) => ({ name, title })))('passes $name: $title', ({ name }) => {
    const rehearsal = rehearsals.get(name);
    expect(rehearsal?.result).toMatchObject({ outcome: 'pass' });
  });

  it.each(bundle.states.map(({ name }) => name))('lets nobody see more or less than before in %s', (name) => {
    expect(rehearsals.get(name)?.rights).toEqual([]);
  });
});

/**
 * Some of the states, each judged in all ways.
 * @jest-environment-options {"choosesItself": true}
 */
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import type { Bundle, State } from '../../src/model.js';
import { meant } from '../support/chat/meant.js';
import { type ChatRehearsal, rehearseChat } from '../support/chat/rehearse-chat.js';
import { loadChatBundle } from '../support/chat-bundle.js';
import { unavoidable } from '../support/outside/unavoidable.js';
import { usePlatformDatabases } from '../support/server.js';
import { someOf } from '../support/some-of.js';

/** Jest wants to know its tests before it runs any. */
const bundle: Bundle = await loadChatBundle();
const databases = usePlatformDatabases(bundle.platforms);
/** `npm start` rehearses all. */
const states = someOf(bundle.states, 24);
const names = states.map(({ name }) => name);
const repaired = states.filter(({ expectation }) => expectation.kind === 'pass');

describe('the chat fix', () => {
  let rehearsals: ReadonlyMap<string, Promise<ChatRehearsal>>;

  beforeAll(() => {
    // Each waits for the server, or the server for it: with one more than the cores none of them is idle.
    const limit = pLimit(availableParallelism() + 1);
    const rehearse = (state: State) => limit(() => rehearseChat(databases(), bundle, state));
    rehearsals = new Map(states.map((state) => [state.name, rehearse(state)]));
    // One that breaks off is told by its own tests.
    for (const rehearsal of rehearsals.values()) rehearsal.catch(() => undefined);
  });
  afterAll(async () => {
    await Promise.allSettled(rehearsals.values());
  }, 600_000);

  // Each is rehearsed once, a few at a time, and looked at as soon as it is done.
  it.each(states.map(({ name, title }) => ({ name, title })))('passes $name: $title', async ({ name }) => {
    expect((await rehearsals.get(name))?.result).toMatchObject({ outcome: 'pass' });
  });

  it.each(names)('lets nobody see more or less than before in %s', async (name) => {
    const rights = (await rehearsals.get(name))?.rights ?? [];
    const words = meant[name];
    expect(rights).toEqual(words === undefined ? [] : rights.map(() => expect.stringContaining(words)));
    expect(rights.length > 0).toBe(words !== undefined);
  });

  it.each(repaired.map(({ name }) => name))('touches nothing outside of it in %s', async (name) => {
    expect((await rehearsals.get(name))?.touched).toEqual(unavoidable[name] ?? []);
  });
});

import { describe, expect, it } from '@jest/globals';
import { loadChatBundle } from '../support/chat-bundle.js';
import { playRace } from '../support/races/race.js';
import { races } from '../support/races/races.js';
import { withPlatformDatabases } from '../support/server.js';

const bundle = await loadChatBundle();
const platforms = bundle.platforms.filter(({ name }) => name === bundle.platform);

describe('at the same time', () => {
  it.each(races.map((race) => [race.name, race] as const))('%s', async (_name, race) => {
    const played = await withPlatformDatabases(platforms, (databases) => playRace(databases, bundle, race));
    expect(played).toEqual(race.expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { BuiltState } from '../support/built-state.js';
import { loadChatBundle } from '../support/chat-bundle.js';
import { playOnCopy, playRace, withFixedGround } from '../support/races/race.js';
import { races } from '../support/races/races.js';
import { useHeld, usePlatformDatabases, withPlatformDatabases } from '../support/server.js';

const bundle = await loadChatBundle();
const platforms = bundle.platforms.filter(({ name }) => name === bundle.platform);
const databases = usePlatformDatabases(platforms);
const fixed = useHeld<BuiltState>(
  (work) => withPlatformDatabases(platforms, (made) => withFixedGround(made, bundle, work)),
  'repaired database',
);

describe('at the same time', () => {
  it.each(races.map((race) => [race.name, race] as const))('%s', async (_name, race) => {
    const played =
      race.ground === 'fixed' ? playOnCopy(fixed(), bundle, race) : playRace(databases(), bundle, race);
    expect(await played).toEqual(race.expected);
  });
});

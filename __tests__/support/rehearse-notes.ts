/** A rehearsal of the notes bundle, whole or broken on purpose, on the server of the tests: its platform is laid once a file. */
import { isDeepStrictEqual } from 'node:util';
import { chooseSections } from '../../src/bundle/choose-sections.js';
import { chooseSettings } from '../../src/bundle/choose-settings.js';
import { chooseStates } from '../../src/bundle/choose-states.js';
import type { ThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import type { GivenSetting, SubjectResult } from '../../src/model.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { rehearseState } from '../../src/stages/rehearse-state.js';
import { limits } from './limits.js';
import { type Changes, loadNotes } from './notes-bundle.js';
import { usePlatformDatabases, withPlatformDatabases } from './server.js';

export interface RehearsalOptions {
  readonly state?: string;
  readonly sections?: readonly number[] | null;
  readonly given?: readonly GivenSetting[];
  readonly isTrusted?: boolean;
  readonly rollsBack?: boolean;
  /** By default that of the tests. */
  readonly server?: ConnectionSettings;
}

const { platforms } = await loadNotes();
const laid = usePlatformDatabases(platforms);

export async function rehearseNotes(
  changes: Changes = {},
  {
    state = '01_writer',
    sections = null,
    given = [],
    isTrusted = false,
    rollsBack = false,
    server,
  }: RehearsalOptions = {},
): Promise<SubjectResult> {
  const loaded = await loadNotes(changes);
  const bundle = { ...loaded, settings: chooseSettings(loaded.settings, given) };
  const [chosen] = chooseStates(bundle.states, { names: [state], shard: null });
  if (chosen === undefined) throw new Error(`there is no state ${state}`);
  const rehearse = (databases: ThrowawayDatabases) =>
    rehearseState(databases, bundle, chosen, {
      ...chooseSections(bundle.sections, sections),
      ...limits,
      isStrict: false,
      isTrusted,
      rollsBack,
      progress: () => undefined,
    });
  const isLaid = !isTrusted && server === undefined && isDeepStrictEqual(bundle.platforms, platforms);
  return isLaid ? rehearse(laid()) : withPlatformDatabases(bundle.platforms, rehearse, { isTrusted, server });
}

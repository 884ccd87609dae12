/** A rehearsal of the notes bundle, whole or broken on purpose, on the server of the tests. */
import { chooseSections } from '../../src/bundle/choose-sections.js';
import { chooseSettings, type GivenSetting } from '../../src/bundle/choose-settings.js';
import { chooseStates } from '../../src/bundle/choose-states.js';
import type { SubjectResult } from '../../src/model.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { rehearseState } from '../../src/stages/rehearse-state.js';
import { limits } from './limits.js';
import { type Changes, loadNotes } from './notes-bundle.js';
import { withPlatformDatabases } from './server.js';

export interface RehearsalOptions {
  readonly state?: string;
  readonly sections?: readonly number[] | null;
  readonly given?: readonly GivenSetting[];
  readonly isTrusted?: boolean;
  readonly rollsBack?: boolean;
  /** By default that of the tests. */
  readonly server?: ConnectionSettings;
}

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
  return withPlatformDatabases(
    bundle.platforms,
    (databases) =>
      rehearseState(databases, bundle, chosen, {
        ...chooseSections(bundle.sections, sections),
        ...limits,
        isStrict: false,
        isTrusted,
        rollsBack,
        progress: () => undefined,
      }),
    { isTrusted, server },
  );
}

/** Another section of the notes bundle, run after the two it has. */
export const thirdSection = (sql: string): Changes => ({
  'sections/03_more.sql': `--! Title: More\n--! Needs: 01, 02\n\n${sql}\n`,
});

/** Another state of the notes bundle. */
export const thirdState = (sql: string, ...headers: string[]): Changes => ({
  'states/03_other.sql': `--! Title: Another\n${headers.map((header) => `--! ${header}\n`).join('')}\n${sql}\n`,
});

/** Copies of databases that the chat fix is for, each taken by its deployer: what comes back is what was there, or the copy is refused with a reason. */
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { getActionRoot } from '../../src/action-root.js';
import { UserError } from '../../src/errors.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { backUp } from '../../src/stages/backup/back-up.js';
import { withBuiltState } from '../support/built-state.js';
import { loadChatBundle } from '../support/chat-bundle.js';
import { withFolder } from '../support/notes-bundle.js';
import { addressOf } from '../support/notes-target.js';
import { getTestServer, usePlatformDatabases } from '../support/server.js';
import { triesEverything } from '../support/some-of.js';

const bundle = await loadChatBundle();

/** Everything at once, and what hangs on the chat; all of them where EVERYTHING=1, as in the workflow test.yml. */
const chosen = bundle.states.filter(({ name }) => triesEverything || /^(55|12)_/.test(name));

/** A copy that would not hold what is there; whoever has such a database says that they have a backup of their own. */
const refusals: Readonly<Record<string, RegExp>> = {
  // An index that is unique by its definition, and not by what is in it.
  24: /could not be restored .* duplicate key value violates unique constraint/,
  29: /sees through row level security, and so not whole/,
  62: /sees through row level security, and so not whole/,
  86: /sees through row level security, and so not whole, public\.profiles/,
  // What pg-delta takes for the host's.
  92: /could not be restored .* relation "public\.chat_messages" does not exist/,
};

describe('a copy of a chat', () => {
  const databases = usePlatformDatabases(bundle.platforms);

  it.each(chosen)('$name', async (state) => {
    const { connection: server, info } = getTestServer();
    const outcome = await withFolder((folder) =>
      withBuiltState(databases(), bundle, state, async ({ deployer }: { deployer: pg.ClientConfig }) => {
        const connection = { ...server, ...deployer } as ConnectionSettings;
        const taken = await backUp(
          {
            backup: { kind: 'copy', file: `${folder}/chat.backup`, key: null, isUploaded: false },
            trialServer: { source: 'url', url: addressOf(server), image: null },
          },
          {
            target: { connection, postgres: { ...info, source: 'target' } },
            bundle,
            place: 'here',
            sqlFolder: path.join(getActionRoot(), 'sql'),
            progress: () => undefined,
            signal: new AbortController().signal,
          },
        ).catch((error: unknown) => {
          if (error instanceof UserError) return error.message.replaceAll(folder, '');
          throw error;
        });
        return typeof taken === 'string' ? taken : taken.taken;
      }),
    );
    const refusal = refusals[state.name.split('_')[0] ?? ''];
    if (refusal === undefined) expect(outcome).toMatchObject({ isEncrypted: false });
    else expect(outcome).toMatch(refusal);
  });
});

/** A broken chat in a throwaway database, and the deployment of the fix there: for scripts that watch both. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseStates } from '../lib/bundle/choose-states.js';
import { loadBundle } from '../lib/bundle/load-bundle.js';
import { runFile } from '../lib/database/run-file.js';
import { withThrowawayDatabases } from '../lib/database/throwaway-databases.js';
import { withSession } from '../lib/database/with-session.js';
import { run } from '../lib/run.js';
import { addressOf } from './address.mjs';

const sql = fileURLToPath(new URL('../sql', import.meta.url));
const bundle = await loadBundle(path.join(sql, 'bundles/chat-schema-fix'), sql);

export const bundleDigest = bundle.digest;
export const signal = new AbortController().signal;
export const quietly = { progress: () => undefined, signal };

/** On a server of one's own, as its administrator: `use` is given the connection. State 04 is the one whose policies recurse. */
export function withBrokenChat(connection, use, { state: asked = '04' } = {}) {
  const [state] = chooseStates(bundle.states, { names: [asked], shard: null });
  return withThrowawayDatabases(
    connection,
    { platforms: bundle.platforms, signal, isTrusted: true },
    (databases) =>
      databases.withDatabase({ platform: bundle.platform, owner: bundle.deployer }, async ({ database }) => {
        const target = { ...connection, database };
        await withSession(target, async (session) => {
          await session.query('set session authorization supabase_owner');
          for (const file of state.files) await runFile(session, file);
        });
        return use(target);
      }),
  );
}

/** Throws where it is not kept. */
export async function deployChat(target) {
  const report = await run(
    {
      command: 'deploy',
      bundle: 'chat-schema-fix',
      sections: null,
      given: [],
      lockTimeout: 3000,
      statementTimeout: 60_000,
      files: { json: null, markdown: null, junit: null, html: null },
      databaseUrl: addressOf(target),
      databaseCa: null,
      confirm: target.database,
      mayCreate: false,
      backup: { kind: 'none' },
      trialServer: { source: 'auto', url: null, image: null },
      window: { notBefore: null, notAfter: null },
      plan: null,
    },
    quietly,
  );
  if (report.verdict !== 'pass') throw new Error(`the deployment failed: ${JSON.stringify(report.reasons)}`);
}

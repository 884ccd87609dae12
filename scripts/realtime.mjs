/**
 * npm run realtime: whether a message that a member sends comes through the publication supabase_realtime of a repaired chat, as
 * Postgres' own pgoutput writes it, and who of the people would be sent it, which is who may read the row. Fails before the fix.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseStates } from '../lib/bundle/choose-states.js';
import { loadBundle } from '../lib/bundle/load-bundle.js';
import { runFile } from '../lib/database/run-file.js';
import { withThrowawayDatabases } from '../lib/database/throwaway-databases.js';
import { withSession } from '../lib/database/with-session.js';
import { withServer } from '../lib/postgres/with-server.js';
import { run } from '../lib/run.js';
import { addressOf, become, personId, readInserts } from './realtime/pgoutput.mjs';

const sql = fileURLToPath(new URL('../sql', import.meta.url));
const bundle = await loadBundle(path.join(sql, 'bundles/chat-schema-fix'), sql);
const [state] = chooseStates(bundle.states, { names: ['04'], shard: null });
const signal = new AbortController().signal;
const quietly = { progress: () => undefined, signal };
const slot = 'schema_fix_realtime';

/** Who is told of a message that ann sends to the club: by name. */
async function observe(session) {
  await session.query(`select pg_catalog.pg_create_logical_replication_slot('${slot}', 'pgoutput')`);
  try {
    const room = personId('club');
    let refused = null;
    await become(session, 'ann', () =>
      session.query('insert into public.chat_messages (room_id, sender, content) values ($1, $2, $3)', [
        room,
        personId('ann'),
        'hello',
      ]),
    ).catch((error) => (refused = error));
    const inserts = await readInserts(session, slot);
    const row = inserts.find(
      ({ relation, values }) => relation === 'public.chat_messages' && values.content === 'hello',
    );
    const told = [];
    for (const name of row === undefined ? [] : ['ann', 'ben', 'cara', 'stranger']) {
      const seen = await become(session, name, () =>
        session.query('select from public.chat_messages where id = $1', [row.values.id]),
      ).catch(() => ({ rowCount: 0 }));
      if (seen.rowCount > 0) told.push(name);
    }
    return { refused, arrived: row !== undefined, told };
  } finally {
    await session.query(`select pg_catalog.pg_drop_replication_slot('${slot}')`);
  }
}

const failed = await withServer(
  { source: 'embedded', major: null, url: null, image: null },
  quietly,
  (server) =>
    withThrowawayDatabases(
      server.connection,
      { platforms: bundle.platforms, signal, isTrusted: true },
      (databases) =>
        databases.withDatabase(
          { platform: bundle.platform, owner: bundle.deployer },
          async ({ database }) => {
            const target = { ...server.connection, database };
            await withSession(target, async (session) => {
              await session.query('set session authorization supabase_owner');
              for (const file of state.files) await runFile(session, file);
            });
            const before = await withSession(target, observe);
            console.log(
              `before the fix: ${before.refused === null ? 'sent' : `not sent (${before.refused.code})`}, ${before.arrived ? 'arrived' : 'nothing arrived'}`,
            );
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
                confirm: database,
                mayCreate: false,
                backup: { kind: 'none' },
                trialServer: { source: 'auto', url: null, image: null },
                window: { notBefore: null, notAfter: null },
                plan: null,
              },
              quietly,
            );
            if (report.verdict !== 'pass')
              throw new Error(`the deployment failed: ${JSON.stringify(report.reasons)}`);
            const after = await withSession(target, observe);
            const { rows } = await withSession(target, (session) =>
              session.query(
                `select user_id from public.chat_room_members where room_id = $1 and status = 'approved'
           union select created_by from public.chat_rooms where id = $1`,
                [personId('club')],
              ),
            );
            const members = ['ann', 'ben', 'cara', 'stranger'].filter((name) =>
              rows.some(({ user_id: id }) => id === personId(name)),
            );
            const isRight = after.arrived && after.told.length > 0 && after.told.join() === members.join();
            console.log(
              `after the fix: ${after.refused === null ? 'sent' : `not sent (${after.refused.code}: ${after.refused.message})`}, ${after.arrived ? 'arrived through supabase_realtime' : 'nothing arrived'}`,
            );
            console.log(
              `would be sent to: ${after.told.join(', ') || 'nobody'}; members are: ${members.join(', ')}`,
            );
            console.log(`${isRight ? '[x]' : '[ ]'} Real-time updates function correctly`);
            return !isRight || before.arrived;
          },
        ),
    ),
);
process.exitCode = failed ? 1 : 0;

/**
 * npm run realtime: whether a message that a member sends comes through the publication supabase_realtime of a repaired chat, as
 * Postgres' own pgoutput writes it, and who of the people would be sent it, which is who may read the row. Fails before the fix.
 */
import { withSession } from '../lib/database/with-session.js';
import { withServer } from '../lib/postgres/with-server.js';
import { deployChat, quietly, withBrokenChat } from './broken-chat.mjs';
import { addressOf, become, personId, readInserts } from './realtime/pgoutput.mjs';

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
    withBrokenChat(server.connection, async (target) => {
      const before = await withSession(target, observe);
      console.log(
        `before the fix: ${before.refused === null ? 'sent' : `not sent (${before.refused.code})`}, ${before.arrived ? 'arrived' : 'nothing arrived'}`,
      );
      await deployChat(target, addressOf(target));
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
    }),
);
process.exitCode = failed ? 1 : 0;

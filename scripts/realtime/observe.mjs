/** A message that ann sends to the club of the broken chat → whether it comes through supabase_realtime, and who is told. */
import { become, personId } from '../people.mjs';
import { readInserts } from './pgoutput.mjs';

const slot = 'schema_fix_realtime';

/** `told` are names of people who may read the row. */
export async function observe(session) {
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

/**
 * npm run realtime: whether a message that a member sends comes through the publication supabase_realtime of a repaired chat, as
 * Postgres' own pgoutput writes it, and who of the people would be sent it, which is who may read the row. Fails before the fix.
 * `-- --evidence FILE` writes it down.
 */
import { withSession } from '../lib/database/with-session.js';
import { withServer } from '../lib/postgres/with-server.js';
import { deployChat, quietly, withBrokenChat } from './broken-chat.mjs';
import { keepEvidence } from './keep-evidence.mjs';
import { personId } from './people.mjs';
import { observe } from './realtime/observe.mjs';

const found = await withServer(
  { source: 'embedded', major: null, url: null, image: null },
  quietly,
  (server) =>
    withBrokenChat(server.connection, async (target) => {
      const before = await withSession(target, observe);
      console.log(
        `before the fix: ${before.refused === null ? 'sent' : `not sent (${before.refused.code})`}, ${before.arrived ? 'arrived' : 'nothing arrived'}`,
      );
      await deployChat(target);
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
      return {
        isMet: isRight && !before.arrived,
        shown: isRight
          ? `a message arrived, for ${after.told.join(' and ')} alone`
          : 'a message does not arrive, or for others than the members',
      };
    }),
);
keepEvidence({ command: 'npm run realtime', criterion: 'Real-time updates function correctly', ...found });

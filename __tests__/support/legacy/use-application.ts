/** People use the repaired application, as its client would: what they write is committed. */
import type { Session } from '../../../src/database/with-session.js';
import { actAs } from './as-person.js';
import type { LegacyDatabase } from './legacy-database.js';
import type { RoomsNow } from './observe-rooms.js';
import { maySeeRoom, standingOf } from './oracle.js';
import { idOf, type Person, people } from './people.js';
import { statedType } from './tables.js';

/** `visit` tells apart what is written on the first and on a later use. */
export async function useApplication(
  session: Session,
  database: LegacyDatabase,
  now: RoomsNow,
  visit: number,
): Promise<void> {
  const group = await createGroup(session, `Visit ${visit}`);
  // Groups without a name are as many as anybody likes, and stay so.
  await createGroup(session, '');
  await createGroup(session, '');
  await send(session, 'ben', group, `to the new group, visit ${visit}`);
  await actAs(session, 'stranger', () =>
    session.query(
      `insert into public.chat_room_members (room_id, user_id, role, status) values ($1, $2, 'member', 'pending')
        on conflict (room_id, user_id) do update set status = 'pending'`,
      [group, idOf('stranger')],
    ),
  );
  await actAs(session, 'ann', () =>
    session.query(
      "update public.chat_room_members set status = 'approved' where room_id = $1 and user_id = $2",
      [group, idOf('stranger')],
    ),
  );
  await actAs(session, 'ben', () =>
    session.query('delete from public.chat_room_members where room_id = $1 and user_id = $2', [
      group,
      idOf('ben'),
    ]),
  );
  const opened = await actAs(session, 'cara', () =>
    session.query<{ id: string }>('select public.open_or_create_dm(partner => $1) as id', [idOf('stranger')]),
  );
  await send(session, 'stranger', opened.rows[0]?.id ?? '', `to cara, visit ${visit}`);
  await writeIntoOldRooms(session, database, now, visit);
}

async function createGroup(session: Session, name: string): Promise<string> {
  const { rows } = await actAs(session, 'ann', () =>
    session.query<{ id: string }>(
      'select public.create_group_room(p_creator => $1, p_member_ids => $2, p_name => $3) as id',
      [idOf('ann'), [idOf('ben')], name],
    ),
  );
  return rows[0]?.id ?? '';
}

/** As the client does: the row comes back with what the database added. */
function send(session: Session, sender: Person, room: string, text: string) {
  return actAs(session, sender, () =>
    session.query(
      'insert into public.chat_messages (room_id, sender, content) values ($1, $2, $3) returning *',
      [room, idOf(sender), text],
    ),
  );
}

/** Somebody of each room writes; where it is a group, a stranger asks its members to be let in. */
async function writeIntoOldRooms(
  session: Session,
  database: LegacyDatabase,
  now: RoomsNow,
  visit: number,
): Promise<void> {
  for (const [index, id] of now) {
    const member = people.find(
      (person) =>
        standingOf(database, index, person) === 'member' && maySeeRoom(database, index, person) === 'may',
    );
    if (member !== undefined) await send(session, member, id, `to room-${index}, visit ${visit}`);
    const room = database.rooms[index];
    if (room === undefined || statedType(database, room) !== 'group') continue;
    // Nobody could let them in, and they would keep its creator out.
    if (!people.some((person) => standingOf(database, index, person) === 'member')) continue;
    await actAs(session, 'stranger', () =>
      session.query(
        `insert into public.chat_room_members (room_id, user_id, role, status) values ($1, $2, 'member', 'pending')
          on conflict (room_id, user_id) do update set status = 'pending'`,
        [id, idOf('stranger')],
      ),
    );
  }
}

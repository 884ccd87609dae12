/** Whether every old row is where it belongs: told from the value, not from what the engine noted before the fix. */
import type { Session } from '../../../src/database/with-session.js';
import type { LegacyDatabase, LegacyMessage } from './legacy-database.js';
import type { RoomsNow } from './observe-rooms.js';
import { copiesOf, isAttached, standingOf } from './oracle.js';
import { idOf, people } from './people.js';
import { nameOfMembership, timeOf } from './render-rows.js';
import { isKeptIn, membershipTables, memberTableOf, statedType } from './tables.js';

/** What is wrong, in sentences. */
export async function judgeRows(
  session: Session,
  database: LegacyDatabase,
  now: RoomsNow,
): Promise<string[]> {
  return [
    ...(await judgeMessages(session, database, now)),
    ...(await judgeRooms(session, database, now)),
    ...(await judgeStatuses(session, database, now)),
    ...(await judgeCarried(session, database)),
  ];
}

interface MessageRow {
  readonly place: 'table' | 'quarantine';
  readonly text: string | null;
  readonly room: string | null;
  readonly sender: string | null;
  readonly time: string | null;
}

const everyMessage = `
select 'table' as place, content as text, room_id::text as room, sender::text as sender,
    to_char(created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as time
from public.chat_messages
union all
select 'quarantine', coalesce(row_data ->> 'content', row_data ->> 'message'), row_data ->> 'room_id',
    coalesce(row_data ->> 'sender', row_data ->> 'sender_id', row_data ->> 'author_id'),
    replace(left(row_data ->> 'created_at', 19), 'T', ' ')
from chat_quarantine.rows
where source_table = 'public.chat_messages'`;

async function judgeMessages(session: Session, database: LegacyDatabase, now: RoomsNow): Promise<string[]> {
  const { rows } = await session.query<MessageRow>(everyMessage);
  return database.messages.flatMap((message, index) => {
    if (!message.hasText) return [];
    const found = rows.filter(({ text }) => text === message.text);
    const place = isAttached(database, message) ? 'table' : 'quarantine';
    const wanted = copiesOf(message);
    if (found.length !== wanted) return [`${message.text}: ${found.length} of ${wanted} copies are left`];
    return found.flatMap((row) => {
      if (row.place !== place) return [`${message.text} is in the ${row.place}, not in the ${place}`];
      return judgeMessage(message, row, now, timeOf(index));
    });
  });
}

function judgeMessage(message: LegacyMessage, row: MessageRow, now: RoomsNow, time: string): string[] {
  const problems: string[] = [];
  const sender = message.sender === null ? null : idOf(message.sender);
  if (row.sender !== sender) problems.push(`${message.text} is by ${row.sender}, not by ${sender}`);
  if (message.hasTime && row.time !== time)
    problems.push(`${message.text} is of ${row.time}, not of ${time}`);
  const room = message.room === null ? undefined : now.get(message.room);
  if (row.place === 'table' && row.room !== room)
    problems.push(`${message.text} is in room ${row.room}, not in ${room}`);
  return problems;
}

/** Rooms stay apart, whatever they are called, and keep what they were called, but for a number behind it. */
async function judgeRooms(session: Session, database: LegacyDatabase, now: RoomsNow): Promise<string[]> {
  const { rows } = await session.query<{ id: string; type: string; title: string | null }>(
    'select id, type, title from public.chat_rooms',
  );
  const problems: string[] = [];
  if (new Set(now.values()).size !== now.size) problems.push('two old rooms are one now');
  if (rows.length !== database.rooms.length) {
    problems.push(`there are ${rows.length} rooms, and there were ${database.rooms.length}`);
  }
  for (const [index, id] of now) {
    const room = database.rooms[index];
    const row = rows.find((one) => one.id === id);
    if (room === undefined || row === undefined) {
      problems.push(`${room?.name} is gone`);
      continue;
    }
    const type = statedType(database, room);
    if (type !== null && row.type !== type) problems.push(`${room.name} is a ${row.type}, and was a ${type}`);
    const title = room.title?.trim() ?? '';
    if (isKeptIn(room, 'chat_rooms') && !(row.title ?? '').trim().startsWith(title)) {
      problems.push(`${room.name} is called "${row.title}", and was called "${room.title}"`);
    }
  }
  return problems;
}

/** Who waited waits, and who was blocked is blocked. */
async function judgeStatuses(session: Session, database: LegacyDatabase, now: RoomsNow): Promise<string[]> {
  const { rows } = await session.query<{ room_id: string; user_id: string; status: string }>(
    'select room_id, user_id, status from public.chat_room_members',
  );
  const statuses = { waiting: 'pending', blocked: 'blocked' } as const;
  return [...now].flatMap(([index, id]) =>
    people.flatMap((person) => {
      const standing = standingOf(database, index, person);
      if (standing !== 'waiting' && standing !== 'blocked') return [];
      const row = rows.find(({ room_id, user_id }) => room_id === id && user_id === idOf(person));
      return row?.status === statuses[standing]
        ? []
        : [`${person} was ${statuses[standing]} in room-${index} and is ${row?.status ?? 'not there'}`];
    }),
  );
}

/** Whatever else a membership says is in a row of members, or in quarantine. */
async function judgeCarried(session: Session, database: LegacyDatabase): Promise<string[]> {
  const tables = Object.entries(membershipTables)
    .filter(([name]) => name !== 'participants' || database.participants !== null)
    .map(([, table]) => `select to_jsonb(member) as row from public.${table} as member`);
  const { rows } = await session.query<{ id: string | null; note: string | null }>(
    `select row ->> 'id' as id, row ->> 'Note' as note
     from (${tables.join(' union all ')} union all select row_data from chat_quarantine.rows) as kept`,
  );
  const ids = new Set(rows.map(({ id }) => id));
  const notes = new Set(rows.map(({ note }) => note));
  return database.memberships.flatMap(({ table }, index) => {
    const { key, carries } = memberTableOf(database, table);
    const name = nameOfMembership(index);
    return [
      ...(key === 'named' && !ids.has(idOf(name)) ? [`nobody knows the id of ${name} any more`] : []),
      ...(carries !== null && !notes.has(name) ? [`what ${name} says beside is gone`] : []),
    ];
  });
}

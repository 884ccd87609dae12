/** A legacy database of any generation → its rooms, memberships and messages in one shape, read by the superuser. */
import type { Session } from '../../../src/database/with-session.js';
import type { Chat, Membership, Message, Room } from '../rulebook.js';

export interface LegacyMessage extends Message {
  /** null: there was none, and what stands there afterwards is for the fix to choose. */
  readonly text: string | null;
}

export interface LegacyChat extends Chat {
  readonly messages: readonly LegacyMessage[];
  /** The ids in `rooms` where the application is allowed to ask for them, none where it is not. */
  readonly answeredByRooms: readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

export async function readLegacyChat(session: Session): Promise<LegacyChat> {
  const read = (table: string) => readRows(session, table);
  const rooms = mergeRooms(
    [...(await read('public.chat_rooms')), ...(await read('public.rooms'))].map(toRoom),
  );
  return {
    rooms,
    answeredByRooms: await readAnsweredByRooms(session),
    memberships: [
      ...(await read('public.chat_room_members')),
      ...(await read('public.room_members')),
      ...(await read('public.conversation_participants')),
    ].flatMap(toMembership),
    messages: (await read('public.chat_messages')).map((row) => toMessage(row, rooms)),
  };
}

async function readAnsweredByRooms(session: Session): Promise<string[]> {
  const { rows } = await session.query(
    `select from pg_catalog.pg_attribute
     where attrelid = pg_catalog.to_regclass('public.rooms') and attname = 'id'
         and pg_catalog.has_column_privilege('authenticated', attrelid, attnum, 'select')`,
  );
  return rows.length === 0 ? [] : (await readRows(session, 'public.rooms')).map((row) => toRoom(row).id);
}

/** None where there is no such table. */
export async function readRows(session: Session, table: string): Promise<Row[]> {
  const { rows: found } = await session.query('select pg_catalog.to_regclass($1) as id', [table]);
  if (found[0]?.id === null) return [];
  const { rows } = await session.query<{ row: Row }>(
    `select pg_catalog.to_jsonb(t) as row from ${table} as t`,
  );
  return rows.map(({ row }) => row);
}

function toRoom(row: Row): Room {
  const type = first(row, ['type', 'kind', 'room_type']);
  return {
    id: idOf(first(row, ['id', 'room_id'])) ?? '',
    creator: idOf(first(row, ['created_by', 'creator_id', 'creator', 'owner_id', 'ownerId'])),
    type: type === 'dm' || type === 'group' ? type : null,
  };
}

/** chat_rooms comes first; rooms, which is older, says who made a room, and casts doubt on a type that differs. */
function mergeRooms(rooms: readonly Room[]): Room[] {
  const merged = new Map<string, Room>();
  for (const room of rooms) {
    const known = merged.get(room.id);
    merged.set(room.id, {
      id: room.id,
      creator: room.creator ?? known?.creator ?? null,
      type: known === undefined || known.type === room.type ? room.type : null,
    });
  }
  return [...merged.values()];
}

function toMembership(row: Row): Membership[] {
  const room = idOf(first(row, ['room_id', 'conversation_id', 'chat_id', 'roomId']));
  const person = idOf(
    first(row, ['user_id', 'participant_id', 'profile_id', 'member_id', 'userId', 'profileId']),
  );
  if (room === null || person === null) return [];
  const isAdmin = row.role === 'admin' || row.is_admin === true;
  return [
    { room, person, standing: standingOf('Status' in row ? { ...row, status: row.Status } : row), isAdmin },
  ];
}

/** That somebody was blocked or left counts whatever a status says beside it. */
function standingOf(row: Row): Membership['standing'] {
  if (row.is_blocked === true) return 'blocked';
  const hasLeft = typeof row.left_at === 'string';
  if (!('status' in row)) {
    const waits = hasLeft || row.is_approved === false || row.accepted_at === null;
    return waits ? 'pending' : 'member';
  }
  const { status } = row;
  if (/^\s*(blocked|banned)\s*$/i.test(String(status))) return 'blocked';
  if (hasLeft) return 'pending';
  if (status === 'approved' || status === 'pending') return status;
  return status === null ? 'no word' : 'unknown word';
}

/** The first column that says something: a room that there is, a sender who is somebody, words that are some. */
export function toMessage(row: Row, rooms: readonly Room[] = []): LegacyMessage {
  const senders = ['sender', 'sender_id', 'author_id', 'user_id', 'senderId', 'from_user'].filter((column) =>
    isUuid(idOf(row[column]) ?? ''),
  );
  const named = ['room_id', 'conversation_id', 'chat_id', 'roomId']
    .map((column) => idOf(row[column]))
    .filter((id) => id !== null);
  return {
    room: named.find((name) => rooms.some(({ id }) => id === name)) ?? named[0] ?? null,
    sender: idOf(first(row, senders)),
    text: textOf(first(row, ['content', 'message', 'body', 'text'])),
  };
}

/** The first that says something; a default beside what was written says nothing. */
function first(row: Row, columns: readonly string[]): unknown {
  const values = columns
    .map((column) => row[column])
    .filter((value) => value !== undefined && value !== null);
  return values.find((value) => !/^(\s*|0{8}-(0{4}-){3}0{12})$/.test(String(value))) ?? values[0];
}

function textOf(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);

/** As the database writes a uuid, whoever wrote it. */
function idOf(value: unknown): string | null {
  return value === undefined || value === null
    ? null
    : String(value).trim().toLowerCase().replace(/[{}]/g, '');
}

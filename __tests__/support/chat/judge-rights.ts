/** A repaired database, and what it was before → everything that somebody sees and may not, or may and does not. */
import { isDatabaseError } from '../../../src/database/database-error.js';
import type { Session } from '../../../src/database/with-session.js';
import { mayAdminister, mayRead, maySeeRoom, standingIn } from '../rulebook.js';
import { lookAs } from './as-person.js';
import { judgeConversations } from './judge-conversations.js';
import { judgeNames } from './judge-names.js';
import { judgeOldName } from './judge-old-name.js';
import { isUuid, type LegacyChat, readRows, toMessage } from './legacy-chat.js';

const isKnown = (person: string | null): person is string => person !== null && isUuid(person);
const stranger = '00000000-0000-4000-8000-00000000dead';

interface Seen {
  readonly rooms: readonly {
    readonly id: string;
    readonly creator: string | null;
    readonly administers: boolean;
  }[];
  readonly messages: readonly { readonly text: string; readonly sender: string }[];
  readonly memberships: readonly {
    readonly room: string;
    readonly person: string;
    readonly status: string | null;
  }[];
}

const everything = `
select
    array(
        select pg_catalog.jsonb_build_object(
            'id', id, 'creator', created_by, 'administers', public.user_is_group_admin(id)
        )
        from public.chat_rooms
    ) as rooms,
    array(
        select pg_catalog.jsonb_build_object('text', content, 'sender', sender) from public.chat_messages
    ) as messages,
    array(
        select pg_catalog.jsonb_build_object('room', room_id, 'person', user_id, 'status', status)
        from public.chat_room_members
        union all
        select pg_catalog.jsonb_build_object('room', room_id, 'person', user_id, 'status', null)
        from public.room_members
    ) as memberships`;

export async function judgeRights(session: Session, chat: LegacyChat): Promise<string[]> {
  const quarantined = await readQuarantine(session);
  const problems: string[] = [];
  for (const person of peopleOf(chat)) {
    const seen = await look(session, person);
    if (typeof seen === 'string') return [seen];
    problems.push(
      ...judgeMessages(chat, person, seen, quarantined),
      ...judgeRooms(chat, person, seen),
      ...judgeMemberships(chat, person, seen),
      ...(await judgeOldName(session, chat, person)),
    );
  }
  return [...problems, ...(await judgeConversations(session, chat)), ...(await judgeNames(session))];
}

/** What she is told where she is refused: then there is nothing to be judged. */
async function look(session: Session, person: string): Promise<Seen | string> {
  try {
    const { rows } = await lookAs(session, person, () => session.query<Seen>(everything));
    return rows[0] ?? 'a query of one row returned none';
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return `${person} is told: ${error.message}`;
  }
}

function peopleOf({ rooms, memberships, messages }: LegacyChat): string[] {
  const named = [
    ...rooms.map(({ creator }) => creator),
    ...memberships.map(({ person }) => person),
    ...messages.map(({ sender }) => sender),
  ];
  const known = named.filter(isKnown);
  return [...new Set([...known, stranger])].sort();
}

const keyOf = ({ text, sender }: { text: unknown; sender: unknown }) => `"${text}" by ${sender ?? 'nobody'}`;

/** Copies count. What went into quarantine is read by nobody. */
function judgeMessages(
  chat: LegacyChat,
  person: string,
  seen: Seen,
  quarantined: ReadonlyMap<string, number>,
) {
  const copies = countBy(seen.messages.map(keyOf));
  const told = chat.messages.filter(({ text }) => text !== null);
  return [...new Set(told.map(keyOf))].flatMap((key) => {
    const messages = told.filter((message) => keyOf(message) === key);
    const claims = messages.map((message) => mayRead(chat, message, person));
    const most = claims.filter((claim) => claim !== 'may not').length;
    const least = claims.filter((claim) => claim === 'may').length - (quarantined.get(key) ?? 0);
    const actual = copies.get(key) ?? 0;
    if (actual > most) return [`${person} reads ${actual} of ${most} messages ${key}`];
    return actual < least ? [`${person} reads only ${actual} of ${least} messages ${key}`] : [];
  });
}

function judgeRooms(chat: LegacyChat, person: string, { rooms }: Seen): string[] {
  return chat.rooms
    .filter(({ id }) => isUuid(id))
    .flatMap((room) => {
      const found = rooms.find(({ id }) => id === room.id);
      const claim = maySeeRoom(chat, room, person);
      if (claim === 'may not' && found !== undefined) return [`${person} sees room ${room.id}`];
      if (claim === 'may' && found === undefined) return [`${person} does not see room ${room.id}`];
      if (found === undefined) return [];
      if (isKnown(room.creator) && found.creator !== room.creator)
        return [`room ${room.id} lost its creator`];
      return found.administers && !mayAdminister(chat, room, person)
        ? [`${person} administers room ${room.id}`]
        : [];
    });
}

/** Of a room that is none of her business she sees at most herself; who waits waits, who is blocked is blocked. */
function judgeMemberships(chat: LegacyChat, person: string, { memberships }: Seen): string[] {
  return chat.rooms
    .filter(({ id }) => isUuid(id))
    .flatMap((room) => {
      const rows = memberships.filter((row) => row.room === room.id);
      const standing = standingIn(chat, room.id, person);
      const isOutside = maySeeRoom(chat, room, person) === 'may not';
      const own = rows.filter((row) => row.person === person);
      if (isOutside && own.length < rows.length) return [`${person} sees the members of room ${room.id}`];
      if (standing !== 'waiting' && standing !== 'blocked') return [];
      const status = standing === 'waiting' ? 'pending' : standing;
      return own.length === 1 && own[0]?.status === status
        ? []
        : [`${person} was ${standing} in room ${room.id}, and is not`];
    });
}

async function readQuarantine(session: Session): Promise<ReadonlyMap<string, number>> {
  const rows = await readRows(session, 'chat_quarantine.rows');
  const messages = rows
    .filter((row) => row.source_table === 'public.chat_messages')
    .map((row) => row.row_data as Readonly<Record<string, unknown>>);
  return countBy(messages.map((row) => keyOf(toMessage(row))));
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

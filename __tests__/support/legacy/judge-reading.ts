/** Whether everybody sees what she may see, and nothing else: asked as each person, through row level security. */
import type { Session } from '../../../src/database/with-session.js';
import { lookAs } from './as-person.js';
import type { LegacyDatabase } from './legacy-database.js';
import type { RoomsNow } from './observe-rooms.js';
import { type Claim, copiesOf, isAttached, mayReadMessage, maySeeRoom } from './oracle.js';
import { idOf, type Person, people } from './people.js';

export async function judgeReading(
  session: Session,
  database: LegacyDatabase,
  now: RoomsNow,
): Promise<string[]> {
  const problems: string[] = [];
  for (const person of people) {
    const seen = await lookAs(session, person, () => look(session));
    problems.push(
      ...judgeMessages(database, person, seen.messages),
      ...judgeRooms(database, person, seen.rooms, now),
      ...judgeMemberships(database, person, seen.memberships, now),
    );
  }
  return problems;
}

interface Membership {
  readonly room_id: string;
  readonly user_id: string;
}

async function look(session: Session) {
  const messages = await session.query<{ content: string }>('select content from public.chat_messages');
  const rooms = await session.query<{ id: string }>('select id from public.chat_rooms');
  const memberships = await session.query<Membership>(
    'select room_id, user_id from public.chat_room_members union all select room_id, user_id from public.room_members',
  );
  return {
    messages: messages.rows.map(({ content }) => content),
    rooms: rooms.rows.map(({ id }) => id),
    memberships: memberships.rows,
  };
}

function judgeMessages(database: LegacyDatabase, person: Person, texts: readonly string[]): string[] {
  return database.messages
    .filter((message) => message.hasText && isAttached(database, message))
    .flatMap((message) => {
      const copies = texts.filter((text) => text === message.text).length;
      const claim = mayReadMessage(database, message, person);
      const isWhole = copies === copiesOf(message);
      return contradicts(claim, { some: copies > 0, all: isWhole })
        ? [`${person} ${claim} read ${message.text} of room-${message.room} and reads ${copies} copies`]
        : [];
    });
}

function judgeRooms(database: LegacyDatabase, person: Person, ids: readonly string[], now: RoomsNow) {
  return [...now].flatMap(([index, id]) => {
    const claim = maySeeRoom(database, index, person);
    const isSeen = ids.includes(id);
    return contradicts(claim, { some: isSeen, all: isSeen })
      ? [`${person} ${claim} see room-${index}, and ${isSeen ? 'does' : 'does not'}`]
      : [];
  });
}

/** Of a room that she may not see she sees at most her own membership. */
function judgeMemberships(
  database: LegacyDatabase,
  person: Person,
  seen: readonly Membership[],
  now: RoomsNow,
): string[] {
  return [...now].flatMap(([index, id]) => {
    if (maySeeRoom(database, index, person) !== 'may not') return [];
    const others = seen.filter(({ room_id, user_id }) => room_id === id && user_id !== idOf(person));
    return others.length > 0 ? [`${person} sees ${others.length} members of room-${index}`] : [];
  });
}

function contradicts(claim: Claim, { some, all }: { some: boolean; all: boolean }): boolean {
  return (claim === 'may' && !all) || (claim === 'may not' && some);
}

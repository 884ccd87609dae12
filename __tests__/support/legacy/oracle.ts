/** The rulebook, asked about a drawn database: told by the value alone, of rooms by their index and of people by their names. */
import * as rulebook from '../rulebook.js';
import type { LegacyDatabase, LegacyMembership, LegacyMessage } from './legacy-database.js';
import type { Person } from './people.js';
import { creatorOf, statedType } from './tables.js';

export type { Claim, Standing } from '../rulebook.js';

function chatOf(database: LegacyDatabase): rulebook.Chat {
  return {
    rooms: database.rooms.map((room, index) => ({
      id: String(index),
      creator: creatorOf(database, room),
      type: statedType(database, room),
    })),
    memberships: database.memberships.flatMap((row) =>
      row.person === null
        ? []
        : [
            {
              room: String(row.room),
              person: row.person,
              standing: standingOfRow(database, row),
              isAdmin: row.role === 'admin',
            },
          ],
    ),
    messages: database.messages.map(toMessage),
  };
}

function standingOfRow(
  database: LegacyDatabase,
  { table, status }: LegacyMembership,
): rulebook.Membership['standing'] {
  if (!database[table]?.hasStatus) return 'member';
  if (status === null) return 'no word';
  return status === 'invited' ? 'unknown word' : status;
}

function toMessage({ room, sender }: LegacyMessage): rulebook.Message {
  return { room: room === null ? null : String(room), sender };
}

export function standingOf(database: LegacyDatabase, room: number, person: Person): rulebook.Standing {
  return rulebook.standingIn(chatOf(database), String(room), person);
}

export function maySeeRoom(database: LegacyDatabase, index: number, person: Person): rulebook.Claim {
  const chat = chatOf(database);
  const room = chat.rooms[index];
  return room === undefined ? 'may not' : rulebook.maySeeRoom(chat, room, person);
}

export function mayReadMessage(
  database: LegacyDatabase,
  message: LegacyMessage,
  person: Person,
): rulebook.Claim {
  return rulebook.mayRead(chatOf(database), toMessage(message), person);
}

/** Indexes of the rooms that are the conversation of the two. */
export function conversationsOf(
  database: LegacyDatabase,
  me: Person,
  partner: Person,
): readonly number[] | 'unjudged' {
  const found = rulebook.conversationsOf(chatOf(database), me, partner);
  return found === 'unjudged' ? found : found.map(({ id }) => Number(id));
}

/** A message of no room cannot be kept in place; every other one must be. */
export function isAttached(database: LegacyDatabase, message: LegacyMessage): boolean {
  return message.room !== null && message.room < database.rooms.length;
}

/** How often the message was there. */
export const copiesOf = ({ isTwice }: LegacyMessage): number => (isTwice ? 2 : 1);

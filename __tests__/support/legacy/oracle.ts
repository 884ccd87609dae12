/**
 * Who could rightly see what, told by the value alone: an approved member of the room, the sender of a message, and the
 * creator of a room that nobody else uses (created_by alone proves nothing: anybody may have written it). Where somebody's memberships contradict one another, blocked goes before approved, approved before pending.
 *
 * Left unjudged, because it can be argued either way: a status that is empty though there is a column for it; somebody who
 * waits in chat_room_members and is in a table that knows no status; whether a sender who is no member sees the room itself.
 */
import type { LegacyDatabase, LegacyMessage, LegacyRoom } from './legacy-database.js';
import type { Person } from './people.js';
import { creatorOf, statedType } from './tables.js';

export type Claim = 'may' | 'may not' | 'unjudged';
export type Standing = 'member' | 'waiting' | 'blocked' | 'none' | 'unjudged';

export function standingOf(database: LegacyDatabase, room: number, person: Person): Standing {
  const rows = database.memberships.filter((row) => row.room === room && row.person === person);
  const judged = rows.filter(({ table }) => database[table]?.hasStatus);
  const statuses = judged.map(({ status }) => status);
  const isCounted = rows.length > judged.length;
  if (statuses.includes('blocked')) return 'blocked';
  if (statuses.includes('approved')) return 'member';
  if (statuses.length === 0) return isCounted ? 'member' : 'none';
  return isCounted || statuses.includes(null) ? 'unjudged' : 'waiting';
}

/** Whether the person sees the room, its members and whatever others say in it. */
export function maySeeRoom(database: LegacyDatabase, index: number, person: Person): Claim {
  const room = database.rooms[index];
  if (room === undefined) return 'may not';
  const standing = standingOf(database, index, person);
  if (standing === 'member') return 'may';
  if (standing === 'unjudged') return 'unjudged';
  return creatorOf(database, room) === person ? claimOfCreator(database, index, person) : 'may not';
}

/** Of one without a membership. What nobody sent is not by them. */
function claimOfCreator({ memberships, messages }: LegacyDatabase, index: number, creator: Person): Claim {
  if (memberships.some(({ room, person }) => room === index && person !== null)) return 'may not';
  const senders = messages.filter(({ room }) => room === index).map(({ sender }) => sender);
  return senders.every((sender) => sender === creator) ? 'may' : 'may not';
}

export function mayReadMessage(database: LegacyDatabase, message: LegacyMessage, person: Person): Claim {
  if (message.sender === person) return 'may';
  return message.room === null ? 'may not' : maySeeRoom(database, message.room, person);
}

/** A message of no room cannot be kept in place; every other one must be. */
export function isAttached(database: LegacyDatabase, message: LegacyMessage): boolean {
  return message.room !== null && message.room < database.rooms.length;
}

/** How often the message was there. */
export const copiesOf = ({ isTwice }: LegacyMessage): number => (isTwice ? 2 : 1);

/** The pair whose direct conversation the room is beyond doubt, or null. */
export function pairOf(
  database: LegacyDatabase,
  index: number,
  everybody: readonly Person[],
): readonly [Person, Person] | null {
  const room: LegacyRoom | undefined = database.rooms[index];
  if (room === undefined || statedType(database, room) !== 'dm') return null;
  const isCounted = (person: Person) =>
    database.memberships.some(
      (row) => row.room === index && row.person === person && !database[row.table]?.hasStatus,
    );
  const [one, other, third] = everybody.filter(
    (person) => isCounted(person) || ['member', 'unjudged'].includes(standingOf(database, index, person)),
  );
  if (one === undefined || other === undefined || third !== undefined) return null;
  const isPlain = [one, other].every((person) => standingOf(database, index, person) === 'member');
  return isPlain ? [one, other] : null;
}

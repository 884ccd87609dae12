/**
 * Who could rightly see what before the fix: an approved member of the room, the sender of a message, and the creator of a
 * room that nobody else uses; created_by alone proves nothing, for anybody may have written it.
 * Where memberships contradict one another, blocked goes before approved and approved before pending; a word that nobody
 * knows is no approval. Unjudged is what can be argued either way: a status left empty, and somebody who waits in one
 * table and counts in another.
 */
import type { LegacyChat, LegacyMessage, LegacyRoom } from './legacy-chat.js';

export type Claim = 'may' | 'may not' | 'unjudged';
export type Standing = 'member' | 'pending' | 'blocked' | 'none' | 'unjudged';

export function standingIn(chat: LegacyChat, room: string, person: string): Standing {
  const standings = chat.memberships
    .filter((row) => row.room === room && row.person === person)
    .map(({ standing }) => standing);
  if (standings.length === 0) return 'none';
  if (standings.includes('blocked')) return 'blocked';
  if (standings.includes('approved')) return 'member';
  if (standings.every((standing) => standing === 'member')) return 'member';
  if (standings.includes('member') || standings.includes('no word')) return 'unjudged';
  return standings.every((standing) => standing === 'pending') ? 'pending' : 'none';
}

export function maySeeRoom(chat: LegacyChat, room: LegacyRoom, person: string): Claim {
  const standing = standingIn(chat, room.id, person);
  if (standing === 'member') return 'may';
  if (standing === 'unjudged') return 'unjudged';
  return room.creator === person ? claimOfCreator(chat, room) : 'may not';
}

/** Of one without a membership. What nobody sent may go to quarantine, and then it is not in the room. */
function claimOfCreator({ memberships, messages }: LegacyChat, { id, creator }: LegacyRoom): Claim {
  if (memberships.some(({ room }) => room === id)) return 'may not';
  const senders = messages.filter(({ room }) => room === id).map(({ sender }) => sender);
  if (senders.some((sender) => sender !== null && sender !== creator)) return 'may not';
  return senders.includes(null) ? 'unjudged' : 'may';
}

export function mayRead(chat: LegacyChat, message: LegacyMessage, person: string): Claim {
  if (message.sender === person) return 'may';
  const room = chat.rooms.find(({ id }) => id === message.room);
  return room === undefined ? 'may not' : maySeeRoom(chat, room, person);
}

/** Whether the person may be found to let others into the room. */
export function mayAdminister(chat: LegacyChat, room: LegacyRoom, person: string): boolean {
  const standing = standingIn(chat, room.id, person);
  if (standing !== 'member' && standing !== 'unjudged') return maySeeRoom(chat, room, person) !== 'may not';
  return (
    room.creator === person ||
    chat.memberships.some((row) => row.room === room.id && row.person === person && row.isAdmin)
  );
}

/** The two whose direct conversation the room is beyond doubt. */
export function pairOf(chat: LegacyChat, room: LegacyRoom): readonly [string, string] | null {
  if (room.type !== 'dm') return null;
  const rows = chat.memberships.filter((row) => row.room === room.id);
  const people = [...new Set(rows.map(({ person }) => person))];
  const [one, other, third] = people;
  const areMembers = people.every((person) => standingIn(chat, room.id, person) === 'member');
  return areMembers && one !== undefined && other !== undefined && third === undefined ? [one, other] : null;
}

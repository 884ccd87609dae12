/**
 * Who could rightly do what in a chat before the fix, whatever its facts were read from: an approved member of the room, the
 * sender of a message, and the creator of a room that nobody else uses; created_by alone proves nothing, for anybody may have
 * written it. Where memberships contradict one another, blocked goes before approved and approved before pending; a word that
 * nobody knows is no approval. Unjudged is what can be argued either way: a status left empty, somebody who waits in one table
 * and counts in another, and what one wrote in a room that one is not in, which is for the old policies to say.
 */

/** What a legacy database says, in one shape for every generation of it. */
export interface Chat {
  readonly rooms: readonly Room[];
  readonly memberships: readonly Membership[];
  readonly messages: readonly Message[];
}

export interface Room {
  readonly id: string;
  readonly creator: string | null;
  /** Where the rows state it beyond doubt. */
  readonly type: 'dm' | 'group' | null;
}

export interface Membership {
  /** There need not be such a room. */
  readonly room: string;
  readonly person: string;
  /** `member`: the table says nothing about a status, so that everybody in it counts. */
  readonly standing: 'member' | 'approved' | 'pending' | 'blocked' | 'unknown word' | 'no word';
  readonly isAdmin: boolean;
}

export interface Message {
  readonly room: string | null;
  readonly sender: string | null;
}

export type Claim = 'may' | 'may not' | 'unjudged';
/** `waiting`: pending, or a word that nobody knows. */
export type Standing = 'member' | 'waiting' | 'blocked' | 'none' | 'unjudged';

export function standingIn(chat: Chat, room: string, person: string): Standing {
  const standings = chat.memberships
    .filter((row) => row.room === room && row.person === person)
    .map(({ standing }) => standing);
  if (standings.length === 0) return 'none';
  if (standings.includes('blocked')) return 'blocked';
  if (standings.includes('approved')) return 'member';
  if (standings.every((standing) => standing === 'member')) return 'member';
  return standings.includes('member') || standings.includes('no word') ? 'unjudged' : 'waiting';
}

/** Whether the person sees the room, its members and whatever others say in it. */
export function maySeeRoom(chat: Chat, room: Room, person: string): Claim {
  const standing = standingIn(chat, room.id, person);
  if (standing === 'member') return 'may';
  if (standing === 'unjudged') return 'unjudged';
  return room.creator === person ? claimOfCreator(chat, room) : 'may not';
}

/** Of one without a membership; one who is blocked or waits has one. What nobody sent is not by them. */
function claimOfCreator({ memberships, messages }: Chat, { id, creator }: Room): Claim {
  if (memberships.some(({ room }) => room === id)) return 'may not';
  const senders = messages.filter(({ room }) => room === id).map(({ sender }) => sender);
  return senders.every((sender) => sender === creator) ? 'may' : 'may not';
}

export function mayRead(chat: Chat, message: Message, person: string): Claim {
  const room = chat.rooms.find(({ id }) => id === message.room);
  const claim = room === undefined ? 'may not' : maySeeRoom(chat, room, person);
  return claim === 'may not' && message.sender === person ? 'unjudged' : claim;
}

/** Whether the person may be found to let others into the room. */
export function mayAdminister(chat: Chat, room: Room, person: string): boolean {
  const standing = standingIn(chat, room.id, person);
  if (standing !== 'member' && standing !== 'unjudged') return maySeeRoom(chat, room, person) !== 'may not';
  return (
    room.creator === person ||
    chat.memberships.some((row) => row.room === room.id && row.person === person && row.isAdmin)
  );
}

/** The two whose direct conversation the room is beyond doubt. Somebody who only waits is nobody's partner. */
export function pairOf(chat: Chat, room: Room): readonly [string, string] | null {
  if (room.type !== 'dm') return null;
  const rows = chat.memberships.filter((row) => row.room === room.id);
  const standingOf = (person: string) => standingIn(chat, room.id, person);
  const counted = rows.filter(
    ({ person, standing }) => standing === 'member' || ['member', 'unjudged'].includes(standingOf(person)),
  );
  const [one, other, third] = new Set(counted.map(({ person }) => person));
  if (one === undefined || other === undefined || third !== undefined) return null;
  return standingOf(one) === 'member' && standingOf(other) === 'member' ? [one, other] : null;
}

/**
 * The rooms that are the conversation of the two; nothing is said of a pair who both have to do with a room that may or may
 * not be it.
 */
export function conversationsOf(chat: Chat, me: string, partner: string): readonly Room[] | 'unjudged' {
  const found: Room[] = [];
  for (const room of chat.rooms) {
    const pair = pairOf(chat, room);
    if (pair !== null) {
      if (pair.includes(me) && pair.includes(partner)) found.push(room);
    } else if ([me, partner].every((person) => hasToDoWith(chat, room, person))) {
      if (room.type !== 'group' && membersOf(chat, room).length <= 2) return 'unjudged';
    }
  }
  return found;
}

export function membersOf(chat: Chat, room: Room): string[] {
  const named = chat.memberships.filter((row) => row.room === room.id).map(({ person }) => person);
  return [...new Set(named)].filter((person) => standingIn(chat, room.id, person) === 'member').sort();
}

function hasToDoWith(chat: Chat, room: Room, person: string): boolean {
  return room.creator === person || standingIn(chat, room.id, person) !== 'none';
}

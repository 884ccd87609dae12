/** A repaired database, and what it was before → each pair that is not given its old direct conversation. */
import { isDatabaseError } from '../../../src/database/database-error.js';
import type { Session } from '../../../src/database/with-session.js';
import { conversationsOf, membersOf } from '../rulebook.js';
import { lookAs } from './as-person.js';
import { isUuid, type LegacyChat } from './legacy-chat.js';

export async function judgeConversations(session: Session, chat: LegacyChat): Promise<string[]> {
  const problems: string[] = [];
  for (const [me, partner] of pairsOf(chat)) {
    const theirs = conversationsOf(chat, me, partner);
    if (theirs === 'unjudged') continue;
    const given = [await open(session, me, partner), await open(session, partner, me)];
    const isRight =
      theirs.length > 0
        ? given[0] === given[1] && theirs.some(({ id }) => id === given[0])
        : given.every((id) => !chat.rooms.some((room) => room.id === id));
    if (!isRight) problems.push(`${me} and ${partner} are given ${given.join(' and ')}`);
  }
  return problems;
}

/** Each two members of a direct conversation. */
function pairsOf(chat: LegacyChat): [string, string][] {
  const pairs = new Map<string, [string, string]>();
  for (const room of chat.rooms.filter(({ id, type }) => type === 'dm' && isUuid(id))) {
    const members = membersOf(chat, room);
    for (const [place, me] of members.entries())
      for (const partner of members.slice(place + 1)) pairs.set(`${me} ${partner}`, [me, partner]);
  }
  return [...pairs.values()];
}

/** Undone afterwards. */
async function open(session: Session, me: string, partner: string): Promise<string> {
  try {
    const { rows } = await lookAs(session, me, () =>
      session.query<{ id: string }>(
        'select output_room_id as id from public.ensure_direct_conversation(me => $1, partner => $2)',
        [me, partner],
      ),
    );
    return rows[0]?.id ?? 'no room';
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return `"${error.message}"`;
  }
}

/** Whether a pair that had a direct conversation gets it back, from whichever side, and other pairs a new one. */
import type { Session } from '../../../src/database/with-session.js';
import { lookAs } from './as-person.js';
import type { LegacyDatabase } from './legacy-database.js';
import type { RoomsNow } from './observe-rooms.js';
import { conversationsOf } from './oracle.js';
import { idOf, type Person, people } from './people.js';

export async function judgeConversations(
  session: Session,
  database: LegacyDatabase,
  now: RoomsNow,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [me, partner] of pairs()) {
    const old = roomsOf(database, now, me, partner);
    const opened = await openAs(session, me, partner);
    const openedBack = await openAs(session, partner, me);
    if (old === 'unjudged') continue;
    const isOld = [...now.values()].includes(opened);
    if (old.length === 0 && isOld) problems.push(`${me} and ${partner} are given a room that was not theirs`);
    if (old.length > 0 && !old.includes(opened))
      problems.push(`${me} and ${partner} lost their conversation`);
    if (old.length > 0 && opened !== openedBack) {
      problems.push(`${me} and ${partner} are given different conversations`);
    }
  }
  return problems;
}

function pairs(): [Person, Person][] {
  return people.flatMap((one, place) =>
    people.slice(place + 1).map((other): [Person, Person] => [one, other]),
  );
}

/** As they are called now; nothing is said of a pair whose room nobody finds any more. */
function roomsOf(
  database: LegacyDatabase,
  now: RoomsNow,
  me: Person,
  partner: Person,
): string[] | 'unjudged' {
  const old = conversationsOf(database, me, partner);
  if (old === 'unjudged') return old;
  const ids = old.map((index) => now.get(index)).filter((id) => id !== undefined);
  return ids.length === old.length ? ids : 'unjudged';
}

/** Undone afterwards. */
async function openAs(session: Session, me: Person, partner: Person): Promise<string> {
  return lookAs(session, me, async () => {
    const { rows } = await session.query<{ output_room_id: string }>(
      'select output_room_id from public.ensure_direct_conversation(me => $1, partner => $2)',
      [idOf(me), idOf(partner)],
    );
    return rows[0]?.output_room_id ?? 'no room';
  });
}

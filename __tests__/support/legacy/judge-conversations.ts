/** Whether a pair that had a direct conversation gets it back, from whichever side, and other pairs a new one. */
import type { Session } from '../../../src/database/with-session.js';
import { lookAs } from './as-person.js';
import type { LegacyDatabase } from './legacy-database.js';
import type { RoomsNow } from './observe-rooms.js';
import { pairOf, standingOf } from './oracle.js';
import { idOf, type Person, people } from './people.js';
import { creatorOf, statedType } from './tables.js';

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

/** Nothing is said of a pair who both had to do with a room that may or may not be their conversation. */
function roomsOf(
  database: LegacyDatabase,
  now: RoomsNow,
  me: Person,
  partner: Person,
): string[] | 'unjudged' {
  const old: string[] = [];
  for (const [index, room] of database.rooms.entries()) {
    const pair = pairOf(database, index, people);
    const id = now.get(index);
    if (pair?.includes(me) && pair.includes(partner)) {
      if (id === undefined) return 'unjudged';
      old.push(id);
    } else if (pair === null && [me, partner].every((person) => hasToDoWith(database, index, person))) {
      const isForThree =
        people.filter((person) => standingOf(database, index, person) === 'member').length > 2;
      if (statedType(database, room) !== 'group' && !isForThree) return 'unjudged';
    }
  }
  return old;
}

function hasToDoWith(database: LegacyDatabase, index: number, person: Person): boolean {
  const room = database.rooms[index];
  return (
    standingOf(database, index, person) !== 'none' ||
    (room !== undefined && creatorOf(database, room) === person)
  );
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

/** Whether the tables of the first generation, which stay, tell anybody of rooms that are not hers. */
import type { Session } from '../../../src/database/with-session.js';
import { lookAs } from './as-person.js';
import type { LegacyDatabase } from './legacy-database.js';
import { maySeeRoom } from './oracle.js';
import { type Person, people } from './people.js';
import { roomId } from './tables.js';

const leftovers = { rooms: 'id', conversation_participants: 'room_id' } as const;

export async function judgeLeftovers(session: Session, database: LegacyDatabase): Promise<string[]> {
  const problems: string[] = [];
  for (const person of people) {
    for (const table of ['rooms', 'conversation_participants'] as const) {
      const seen = await lookAs(session, person, () => look(session, table));
      problems.push(...judgeSeen(database, person, table, seen));
    }
  }
  return problems;
}

/** The ids of rooms that it names; none where there is no such table, or no right to read it. */
async function look(session: Session, table: keyof typeof leftovers): Promise<string[]> {
  const { rows: rights } = await session.query<{ is_readable: boolean | null }>(
    "select pg_catalog.has_table_privilege(pg_catalog.to_regclass($1), 'select') as is_readable",
    [`public.${table}`],
  );
  if (rights[0]?.is_readable !== true) return [];
  const { rows } = await session.query<{ room: string }>(
    `select ${leftovers[table]}::text as room from public.${table}`,
  );
  return rows.map(({ room }) => room);
}

function judgeSeen(
  database: LegacyDatabase,
  person: Person,
  table: string,
  seen: readonly string[],
): string[] {
  return [...database.rooms.keys()]
    .filter((index) => maySeeRoom(database, index, person) === 'may not')
    .filter((index) => seen.some((id) => id?.toLowerCase() === roomId(database, index)))
    .map((index) => `${person} may not see room-${index}, and does in ${table}`);
}

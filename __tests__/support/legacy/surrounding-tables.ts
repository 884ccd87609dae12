/** Tables of others whose rows hang on ours by a foreign key: none of them may vanish with what it hangs on. */
import type { LegacyDatabase } from './legacy-database.js';
import { copiesOf, isAttached } from './oracle.js';
import type { Surrounding } from './surroundings.js';
import { hasTable, isKeptIn } from './tables.js';

export interface HangingTable extends Surrounding {
  readonly table: string;
  /** How many rows there are, and how many of them hang on rows that stay where they are. */
  readonly count: (database: LegacyDatabase) => { readonly all: number; readonly staying: number };
}

const idTypes = { uuid: 'uuid', 'uuid without default': 'uuid', integer: 'integer' } as const;

function idType({ messagesTable }: LegacyDatabase): string {
  const types: Readonly<Record<string, string>> = idTypes;
  return types[messagesTable?.id ?? ''] ?? 'bigint';
}

export const hangingTables: readonly HangingTable[] = [
  {
    name: 'reactions that hang on messages',
    table: 'reactions',
    fits: ({ messagesTable }) => messagesTable?.key === 'id' && messagesTable.id !== 'text',
    sql: (database) => `create table public.reactions (
    message_id ${idType(database)} not null references public.chat_messages (id) on delete cascade,
    emoji text not null
);
insert into public.reactions (message_id, emoji) select id, '👍' from public.chat_messages;`,
    count: (database) => ({
      all: sum(database.messages.map(copiesOf)),
      staying: sum(database.messages.filter((message) => isAttached(database, message)).map(copiesOf)),
    }),
  },
  {
    name: 'tee times that hang on rooms',
    table: 'tee_times',
    fits: (database) =>
      hasTable(database, 'chat_rooms') && database.chatRoomsTable.hasKey && database.ids === 'uuid',
    sql: () => `create table public.tee_times (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    hole integer not null
);
insert into public.tee_times (room_id, hole) select id, 1 from public.chat_rooms;`,
    count: ({ rooms }) => {
      const all = rooms.filter((room) => isKeptIn(room, 'chat_rooms')).length;
      return { all, staying: all };
    },
  },
  {
    name: 'markers that hang on group memberships',
    table: 'read_markers',
    fits: ({ groupMembers, ids }) => groupMembers?.key === 'primary' && ids === 'uuid',
    // Without a key of its own, a publication for all tables would refuse each leaving of a group, before the fix and after it.
    sql: ({ groupMembers }) => `create table public.read_markers (
    room_id uuid not null,
    user_id uuid not null,
    read_at timestamptz not null default now(),
    primary key (room_id, user_id),
    foreign key (room_id, user_id)
        references public.chat_room_members (room_id, ${groupMembers?.userColumn}) on delete cascade
);
insert into public.read_markers (room_id, user_id)
select room_id, ${groupMembers?.userColumn} from public.chat_room_members;`,
    count: ({ memberships, rooms }) => {
      const rows = memberships.filter(({ table }) => table === 'groupMembers');
      return { all: rows.length, staying: rows.filter(({ room }) => room < rooms.length).length };
    },
  },
];

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

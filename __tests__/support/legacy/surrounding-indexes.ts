/** Indexes and constraints under the right names and of the wrong definition. */
import type { LegacyDatabase } from './legacy-database.js';
import { idOf, people } from './people.js';
import type { Surrounding } from './surroundings.js';
import { hasTable, isKeptIn } from './tables.js';

function areNamesUnique({ rooms, chatRoomsTable }: LegacyDatabase): boolean {
  if (chatRoomsTable.isFirstRepeated) return false;
  const names = rooms
    .filter((room) => isKeptIn(room, 'chat_rooms') && room.creator !== null && room.title !== null)
    .map(({ creator, title }) => `${creator} ${title}`);
  return new Set(names).size === names.length;
}

export const surroundingIndexes: readonly Surrounding[] = [
  {
    name: 'a unique index that is not unique',
    about: 'idx_chat_rooms_unique_group',
    fits: (database) => hasTable(database, 'chat_rooms'),
    sql: ({ chatRoomsTable }) =>
      `create index idx_chat_rooms_unique_group on public.chat_rooms (${chatRoomsTable.titleColumn});`,
  },
  {
    name: 'the name of the unique index on another table',
    about: 'idx_chat_rooms_unique_group',
    fits: () => true,
    sql: () => `create table public.groups_of_last_year (created_by uuid, title text);
create unique index idx_chat_rooms_unique_group on public.groups_of_last_year (created_by, title);`,
  },
  {
    name: 'the name of the unique index on a constraint of another table',
    about: 'idx_chat_rooms_unique_group',
    fits: () => true,
    sql: () =>
      'create table public.teams (owner uuid, name text, constraint idx_chat_rooms_unique_group unique (owner, name));',
  },
  {
    name: 'a name that is unique over all rooms',
    fits: (database) =>
      hasTable(database, 'chat_rooms') && database.chatRoomsTable.hasCreator && areNamesUnique(database),
    sql: ({ chatRoomsTable }) =>
      `alter table public.chat_rooms add constraint one_name unique (created_by, ${chatRoomsTable.titleColumn}) deferrable;`,
  },
  {
    name: 'a check of statuses that knows more of them',
    fits: ({ groupMembers }) => groupMembers?.hasStatus === true && groupMembers.statusType === 'text',
    sql: () => `alter table public.chat_room_members
    add constraint chat_room_members_status_check check (status in ('approved', 'pending', 'blocked', 'invited'));`,
  },
  {
    name: 'senders who must have an account',
    // An owner who does not bypass row level security adds no account.
    fits: ({ messagesTable, deployer }) =>
      messagesTable?.senderType === 'uuid' && deployer !== 'supabase_owner_no_bypass',
    sql: ({
      messagesTable,
    }) => `insert into auth.users (id) values ${people.map((person) => `('${idOf(person)}')`).join(', ')};
alter table public.chat_messages add constraint chat_messages_sender_fkey
    foreign key (${messagesTable?.senderColumns[0]}) references auth.users (id);`,
  },
  {
    name: 'an index of messages that begins with the time',
    fits: ({ messagesTable }) => messagesTable !== null,
    sql: () => 'create index idx_chat_messages_room on public.chat_messages (created_at);',
  },
  {
    name: 'the same index of messages twice',
    fits: ({ messagesTable }) => messagesTable !== null,
    sql: () => `create index messages_by_room on public.chat_messages (room_id, created_at);
create index messages_by_room_again on public.chat_messages (room_id, created_at);`,
  },
  {
    name: 'an index name that a view has',
    fits: ({ directMembers }) => directMembers !== null,
    sql: () => 'create view public.idx_room_members_user as select room_id from public.room_members;',
  },
];

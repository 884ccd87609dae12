/** Indexes and constraints under the right names and of the wrong definition. */
import type { Surrounding } from './surroundings.js';
import { hasTable } from './tables.js';

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

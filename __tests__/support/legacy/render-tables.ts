/** A legacy database → the statements that make its tables, without keys, so that any row fits. */
import type {
  LegacyDatabase,
  MembershipTable,
  MemberTable,
  MessagesTable,
  WordType,
} from './legacy-database.js';
import { idOf, people } from './people.js';
import { hasTable, membershipTables } from './tables.js';

export function renderTables(database: LegacyDatabase): string[] {
  return [
    ...profiles(database),
    ...(hasTable(database, 'rooms') ? [roomsTable(database)] : []),
    ...(hasTable(database, 'chat_rooms') ? chatRoomsTable(database) : []),
    ...(['participants', 'groupMembers', 'directMembers'] as const).flatMap((name) => {
      const table = database[name];
      return table === null ? [] : memberTable(database, name, table);
    }),
    ...(database.messagesTable === null ? [] : messagesTable(database, database.messagesTable)),
  ];
}

/** A view of the other name, over the table that holds the rooms. */
export function renderRoomsView({ layout, roomsTable, chatRoomsTable }: LegacyDatabase): string[] {
  if (layout === 'chat_rooms is a view') {
    const title = roomsTable.titleColumn ?? 'slug';
    const creator = roomsTable.hasCreator ? 'created_by' : 'null::uuid as created_by';
    return [
      `create view public.chat_rooms as
    select id, kind as type, ${title} as title, ${creator}, created_at from public.rooms;`,
    ];
  }
  if (layout === 'rooms is a view') {
    const kind = chatRoomsTable.typeColumn === null ? "'group'::text" : 'type';
    return [
      `create view public.rooms as
    select id, ${kind} as kind, null::text as slug, created_at from public.chat_rooms;`,
    ];
  }
  return [];
}

function profiles(database: LegacyDatabase): string[] {
  const isNeeded = [database.participants, database.groupMembers, database.directMembers].some(
    (table) => table?.hasUserKey,
  );
  const values = people.map((person) => `('${idOf(person)}', '${person}')`).join(', ');
  return isNeeded
    ? [
        'create table public.profiles (id uuid primary key, display_name text not null);',
        `insert into public.profiles (id, display_name) values ${values};`,
      ]
    : [];
}

const columns = (list: readonly (string | false)[]) =>
  list
    .filter((column) => column !== false)
    .map((column) => `\n    ${column}`)
    .join(',');

const ownIdType = ({ ids }: LegacyDatabase) => (ids === 'uuid' || ids === 'mixed' ? 'uuid' : 'text');
const roomIdType = ({ ids }: LegacyDatabase) => (ids === 'uuid' ? 'uuid' : 'text');

function roomsTable(database: LegacyDatabase): string {
  const { titleColumn, hasCreator, hasKey } = database.roomsTable;
  return `create table public.rooms (${columns([
    `id ${ownIdType(database)}${hasKey ? ' primary key' : ''}`,
    'kind text',
    'slug text unique',
    titleColumn !== null && `${titleColumn} text`,
    hasCreator && 'created_by uuid',
    'created_at timestamptz not null default now()',
  ])}\n);`;
}

function chatRoomsTable(database: LegacyDatabase): string[] {
  const table = database.chatRoomsTable;
  const isChecked = table.typeColumn === 'checked';
  const type = wordType(isChecked || table.typeColumn === null ? 'text' : table.typeType, 'room_type', [
    'dm',
    'group',
    'direct',
    'channel',
  ]);
  const check = isChecked ? " check (type in ('dm', 'group'))" : '';
  return [
    ...type.made,
    `create table public.chat_rooms (${columns([
      `id ${ownIdType(database)}${table.hasKey ? ' primary key' : ''}`,
      table.typeColumn !== null && `type ${type.name} default 'dm'${check}`,
      `${table.titleColumn} text`,
      table.hasCreator && 'created_by uuid',
      'created_at timestamptz default now()',
      table.hasUpdatedAt && 'updated_at timestamptz default now()',
      table.hasRequiredSlug && 'slug text not null',
    ])}\n);`,
  ];
}

/** The name of the type, and what makes it. */
function wordType(type: WordType, name: string, words: readonly string[]) {
  if (type !== 'enum') return { name: type, made: [] };
  const labels = words.map((word) => `'${word}'`).join(', ');
  return { name: `public.${name}`, made: [`create type public.${name} as enum (${labels});`] };
}

function memberTable(database: LegacyDatabase, name: MembershipTable, table: MemberTable): string[] {
  const status = wordType(table.hasStatus ? table.statusType : 'text', 'member_status', [
    'approved',
    'pending',
    'blocked',
    'invited',
  ]);
  return [
    ...status.made,
    `create table public.${membershipTables[name]} (${columns([
      table.key === 'surrogate' && 'id bigserial primary key',
      table.key === 'named' && 'id uuid primary key default gen_random_uuid()',
      `room_id ${roomIdType(database)}`,
      `${table.userColumn} uuid`,
      table.hasRole && "role text default 'member'",
      table.hasStatus && `status ${status.name} default 'approved'`,
      `${table.timeColumn} timestamptz default now()`,
      table.carries !== null && '"Note" text',
      table.carries === 'note and muted' && 'muted boolean not null default false',
    ])}\n);`,
  ];
}

const messageIds: Readonly<Record<MessagesTable['id'], string | false>> = {
  uuid: 'id uuid default gen_random_uuid()',
  'uuid without default': 'id uuid',
  bigserial: 'id bigserial',
  identity: 'id bigint generated by default as identity',
  'identity always': 'id bigint generated always as identity',
  bigint: 'id bigint',
  integer: 'id integer',
  text: 'id text',
  missing: false,
};

function messagesTable(database: LegacyDatabase, table: MessagesTable): string[] {
  return [
    `create table public.chat_messages (${columns([
      messageIds[table.id],
      `room_id ${roomIdType(database)}`,
      ...table.senderColumns.map((column) => `${column} ${table.senderType}`),
      ...table.textColumns.map((column) => `${column} text`),
      `created_at ${table.timeType} default now()`,
      table.hasUpdatedAt && 'updated_at timestamptz default now()',
      table.hasRequiredKind && 'kind text not null',
    ])}\n);`,
    ...(table.id === 'bigserial' ? ['alter table public.chat_messages alter column id drop not null;'] : []),
  ];
}

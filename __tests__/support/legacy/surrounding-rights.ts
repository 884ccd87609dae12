/** Rights, forced row level security and the realtime publication. */
import type { LegacyDatabase } from './legacy-database.js';
import type { Surrounding } from './surroundings.js';
import { hasTable, membershipTables } from './tables.js';

export function tablesOf(database: LegacyDatabase): string[] {
  const names = [
    ...(['rooms', 'chat_rooms'] as const).filter((table) => hasTable(database, table)),
    ...(['participants', 'groupMembers', 'directMembers'] as const)
      .filter((table) => database[table] !== null)
      .map((table) => membershipTables[table]),
    ...(database.messagesTable === null ? [] : ['chat_messages']),
  ];
  return names.map((name) => `public.${name}`);
}

/** The fix must refuse: it cannot repair what is not its own. */
export const ownedByAnother = 'messages that belong to another role';

export const surroundingRights: readonly Surrounding[] = [
  {
    name: 'privileges revoked from the roles of the API',
    fits: () => true,
    sql: (database) =>
      `revoke all on ${tablesOf(database).join(', ')} from public, anon, authenticated, service_role;`,
  },
  {
    name: 'privileges granted to everybody',
    fits: () => true,
    sql: (database) => `grant all on ${tablesOf(database).join(', ')} to public, anon;`,
  },
  {
    name: 'messages published',
    about: 'supabase_realtime',
    fits: ({ messagesTable }) => messagesTable !== null,
    sql: () => 'alter publication supabase_realtime add table public.chat_messages;',
  },
  {
    name: 'every table published',
    about: 'supabase_realtime',
    fits: () => true,
    sql: (database) => `alter publication supabase_realtime add table ${tablesOf(database).join(', ')};`,
  },
  {
    name: 'a publication for all tables',
    about: 'supabase_realtime',
    fits: () => true,
    sql: ({ deployer }) => `reset role;
drop publication supabase_realtime;
create publication supabase_realtime for all tables;
set role ${deployer};`,
  },
  {
    name: 'no realtime at all',
    about: 'supabase_realtime',
    fits: () => true,
    sql: ({ deployer }) => `reset role;
drop publication supabase_realtime;
set role ${deployer};`,
  },
  {
    name: 'forced row level security',
    fits: () => true,
    sql: (database) =>
      tablesOf(database)
        .map((table) => `alter table ${table} enable row level security, force row level security;`)
        .join('\n'),
  },
  {
    name: 'privileges revoked from the owner',
    fits: () => true,
    sql: (database) => `revoke all on ${tablesOf(database).join(', ')} from ${database.deployer};`,
  },
  {
    name: ownedByAnother,
    fits: ({ messagesTable }) => messagesTable !== null,
    sql: ({ deployer }) => `reset role;
alter table public.chat_messages owner to legacy_owner;
set role ${deployer};`,
  },
];

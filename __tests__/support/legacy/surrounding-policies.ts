/** Policies that recurse, let everybody in, shut everybody out, or bear a name of ours; and row level security itself. */
import type { LegacyDatabase } from './legacy-database.js';
import type { Surrounding } from './surroundings.js';
import { hasTable, memberTableOf } from './tables.js';

const hasMessages = ({ messagesTable }: LegacyDatabase) => messagesTable !== null;
const hasGroupMembers = ({ groupMembers }: LegacyDatabase) => groupMembers !== null;
const hasDirectMembers = ({ directMembers }: LegacyDatabase) => directMembers !== null;

export const surroundingPolicies: readonly Surrounding[] = [
  {
    name: 'a policy of chat_room_members that reads chat_room_members',
    fits: hasGroupMembers,
    sql: (database) => `alter table public.chat_room_members enable row level security;
create policy "members see members" on public.chat_room_members for select using (
    room_id in (
        select mine.room_id from public.chat_room_members as mine
        where mine.${memberTableOf(database, 'groupMembers').userColumn} = auth.uid()
    )
);`,
  },
  {
    name: 'a policy that asks two tables',
    fits: (database) =>
      hasMessages(database) &&
      hasDirectMembers(database) &&
      hasTable(database, 'chat_rooms') &&
      database.ids !== 'mixed',
    sql: (database) => `alter table public.chat_messages enable row level security;
create policy "people of the room" on public.chat_messages for select to authenticated using (
    exists (
        select from public.room_members as member join public.chat_rooms as room on room.id = member.room_id
        where member.room_id = chat_messages.room_id
            and member.${memberTableOf(database, 'directMembers').userColumn} = auth.uid()
    )
);`,
  },
  {
    name: 'messages open to everybody',
    fits: hasMessages,
    sql: () => `alter table public.chat_messages enable row level security;
create policy "👀 everything" on public.chat_messages for all to anon, authenticated using (true) with check (true);`,
  },
  {
    name: 'messages open to everybody under the name of today',
    fits: hasMessages,
    sql: () =>
      `create policy chat_messages_read_own_rooms on public.chat_messages using (true) with check (true);`,
  },
  {
    name: 'group memberships open to everybody, under a name with quotes',
    fits: hasGroupMembers,
    sql: () =>
      'create policy """%s" on public.chat_room_members for all to public using (true) with check (true);',
  },
  {
    name: 'anybody may add anybody to a direct conversation',
    fits: hasDirectMembers,
    sql: () => `alter table public.room_members enable row level security;
create policy room_members_insert_any on public.room_members for insert to authenticated with check (true);
create policy room_members_read_any on public.room_members for select using (true);`,
  },
  {
    name: 'a restrictive policy that hides no room, and stays',
    fits: (database) => hasTable(database, 'chat_rooms'),
    sql: () => `alter table public.chat_rooms enable row level security;
create policy closed on public.chat_rooms as restrictive for all to authenticated using (id is not null);`,
  },
  {
    name: 'rooms of the first generation open to everybody',
    fits: (database) => hasTable(database, 'rooms'),
    sql: () => `alter table public.rooms enable row level security;
create policy "Enable all for everyone" on public.rooms for all to public using (true) with check (true);`,
  },
  {
    name: 'anybody may add anybody to a room of the first generation',
    fits: ({ participants }) => participants !== null,
    sql: () => `alter table public.conversation_participants enable row level security;
create policy participate on public.conversation_participants for insert to authenticated with check (true);
create policy look on public.conversation_participants for select to anon, authenticated using (true);`,
  },
];

/** More mutants that do not ask what somebody has to decide. */
import type { DecisionMutant } from '../mutant.js';
import { chat } from './decisions.js';

const wordless = (column: string, value: string) =>
  `${chat} alter table public.chat_messages add ${column};
    insert into public.chat_messages (room_id, sender, ${column.split(' ')[0]}) values (md5('club')::uuid, md5('ann')::uuid, ${value});`;

const takenBack = (isRemoved: string) =>
  `${chat} alter table public.chat_messages add body text, add removed boolean default ${isRemoved};
    insert into public.chat_messages (room_id, sender, content, body) values (md5('club')::uuid, md5('ann')::uuid, '', 'I hate ben');`;

export const questionMutants: readonly DecisionMutant[] = [
  {
    name: 'a message that is a file in a column with a default is refused from then on',
    from: 'where counted > 0\n',
    to: 'where false\n',
    database: wordless("kind text default 'text'", "'voice'"),
  },
  {
    name: 'a message of which another table holds the file is refused from then on',
    from: 'where counted > 0\n',
    to: 'where false\n',
    database: `${chat} create table public.attachments (message_id uuid references public.chat_messages (id), url text);
      insert into public.chat_messages (id, room_id, sender) values (md5('file')::uuid, md5('club')::uuid, md5('ann')::uuid);
      insert into public.attachments values (md5('file')::uuid, 'a.png');`,
  },
  {
    name: 'the first message that is a file is refused',
    from: 'where meant.names is not null\n',
    to: 'where false\n',
    database: `${chat} alter table public.chat_messages add image_url text;`,
  },
  {
    name: 'a function that takes back what a message says is refused from then on',
    from: String.raw`and assigned.value ~ '^null\M'`,
    to: 'and false',
    database: `${chat} create function public.take_back(message uuid) returns void language sql security definer set search_path = ''
      as $$ update public.chat_messages set content = null where id = message and sender = auth.uid() $$;`,
  },
  {
    name: 'the next room that the server gives the name of all is refused',
    from: 'or named.circles > 2)',
    to: ')',
    database: `${chat} insert into public.chat_rooms (id, title, created_by)
      select md5(customer)::uuid, 'Support', md5('ann')::uuid from unnest('{ben,cara,dan}'::text[]) as customer;
      insert into public.chat_room_members (room_id, user_id)
      select md5(customer)::uuid, md5(customer)::uuid from unnest('{ben,cara,dan}'::text[]) as customer;`,
  },
  {
    name: 'whoever names a message by a word finds none',
    from: "and changed.typcategory = 'S'\n",
    to: 'and false\n',
    database: `${chat} drop table public.chat_messages;
      create table public.chat_messages (id text primary key, room_id uuid, sender uuid, content text);
      insert into public.chat_messages values ('msg_1', md5('club')::uuid, md5('ann')::uuid, 'hi');`,
  },
  {
    name: 'calls that leave out who creates find nothing',
    from: 'where not schema_fix.was_applied()',
    to: 'where false',
    database: `${chat} create function public.create_group_room(p_name text) returns uuid language sql security definer as 'select null::uuid';`,
  },
  {
    name: 'what says who invited is taken for ids, whatever it says',
    from: 'where changed.column_name = (',
    to: 'where false and changed.column_name = (',
    database: `${chat} alter table public.chat_room_members add invited_by text;
      update public.chat_room_members set invited_by = 'link:abc';`,
  },
  {
    name: 'who is known by the id of a profile is nobody from then on',
    from: 'where (without.are_seen or',
    to: 'where (false or',
    database: `${chat} delete from auth.users; insert into auth.users (id) values (md5('account')::uuid);
      create table public.profiles (id uuid primary key, account uuid);
      insert into public.profiles values (md5('ann')::uuid, md5('account')::uuid);`,
  },
  {
    name: 'who signs in without a token is nobody from then on',
    from: 'or own.table_id is not null)',
    to: 'or false)',
    database: `${chat} delete from auth.users; create table public.people (id uuid primary key, "hashedPassword" text);
      insert into public.people values (md5('ann')::uuid);`,
  },
  {
    name: 'a conversation that people open where rules recurse is refused',
    from: String.raw`and policy.allows !~* '\mor\M'`,
    to: '',
    database: `${chat} drop table public.room_members;
      alter table public.chat_rooms enable row level security;
      create policy makes on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
      alter table public.chat_room_members enable row level security;
      create policy circle on public.chat_room_members for select to authenticated using (
          exists (select from public.chat_room_members as mine where mine.room_id = chat_room_members.room_id and mine.user_id = auth.uid())
      );
      create policy adds on public.chat_room_members for insert to authenticated with check (
          user_id = auth.uid() or exists (select from public.chat_rooms as room where room.id = room_id and room.created_by = auth.uid())
      );`,
  },
  {
    name: 'messages of rooms in another table go to quarantine without a word',
    from: 'where not schema_fix.was_applied();',
    to: 'where false;',
    database: `${chat} alter table public.chat_messages drop constraint room;
      create table public.groups (id uuid primary key); insert into public.groups values (md5('hikers')::uuid);
      insert into public.chat_messages (room_id, sender, content) values (md5('hikers')::uuid, md5('ben')::uuid, 'to the top');`,
  },
  {
    name: 'what a function took back is there again',
    from: 'where counted > 0\n',
    to: 'where false\n',
    database: `${takenBack('false')} create function public.remove(message uuid) returns void language sql security definer set search_path = ''
      as $$ update public.chat_messages set body = content, content = '' where id = message and sender = auth.uid() $$;`,
  },
  {
    name: 'a message that was taken back says it again',
    from: "where emptied.column_name = 'content'\n",
    to: 'where false\n',
    database: takenBack('true'),
  },
  {
    name: 'a conversation that the server opens lets nobody in',
    from: 'and not exists (select from schema_fix.recursive_policies)',
    to: 'and false',
    database: `${chat} drop table public.room_members;
      insert into public.chat_room_members (room_id, user_id) values (md5('pair')::uuid, md5('ann')::uuid), (md5('pair')::uuid, md5('ben')::uuid);
      alter table public.chat_rooms enable row level security;
      alter table public.chat_room_members enable row level security;
      alter table public.chat_messages enable row level security;
      create policy own on public.chat_room_members for select to authenticated using (user_id = auth.uid());
      create policy reads on public.chat_messages for select to authenticated using (
          exists (select from public.chat_room_members as mine where mine.room_id = chat_messages.room_id and mine.user_id = auth.uid())
      );`,
  },
  {
    name: 'a group that the server makes lets nobody in',
    from: "where member.source = 'public.room_members'\n            and member.status = 'approved'",
    to: 'where false',
    database: `${chat} insert into public.chat_rooms (id, title) values (md5('shop')::uuid, 'Shop');
      insert into public.room_members (room_id, user_id) values (md5('shop')::uuid, md5('ann')::uuid), (md5('shop')::uuid, md5('ben')::uuid);
      alter table public.chat_rooms enable row level security;
      alter table public.room_members enable row level security;`,
  },
  {
    name: 'what a column beside the type says is taken for a type',
    from: 'table schema_fix.types_beside\n',
    to: 'table schema_fix.types_left\n',
    database: `${chat} alter table public.chat_rooms add kind text default 'private';`,
  },
];

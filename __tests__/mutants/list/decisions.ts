/** Mutants that do not ask what somebody has to decide. */
import type { DecisionMutant } from '../mutant.js';

export const chat = `
insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid), (md5('mal')::uuid);
create table public.chat_rooms (id uuid primary key, type text default 'group', title text, created_by uuid);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id), user_id uuid, role text default 'member', status text default 'approved',
    primary key (room_id, user_id)
);
create table public.room_members (room_id uuid references public.chat_rooms (id), user_id uuid, primary key (room_id, user_id));
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(), room_id uuid constraint room references public.chat_rooms (id), sender uuid, content text,
    created_at timestamptz default now()
);
insert into public.chat_rooms (id, type, title, created_by)
values (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid), (md5('pair')::uuid, 'dm', null, md5('ann')::uuid);
insert into public.chat_room_members (room_id, user_id) values (md5('club')::uuid, md5('ann')::uuid), (md5('club')::uuid, md5('ben')::uuid);
insert into public.room_members values (md5('pair')::uuid, md5('ann')::uuid), (md5('pair')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');
`;

/** Each user sees their own memberships alone. */
const ownAlone = `alter table public.chat_room_members enable row level security;
  create policy own on public.chat_room_members for select to authenticated using (user_id = (select auth.uid()));`;

/** People make groups, put nobody into them, and ask to join. */
const makesGroups = `alter table public.chat_rooms enable row level security;
  create policy see on public.chat_rooms for select to authenticated using (true);
  create policy make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid() and type = 'group');
  alter table public.chat_room_members enable row level security;
  create policy see on public.chat_room_members for select to authenticated using (true);
  create policy ask on public.chat_room_members for insert to authenticated with check (user_id = auth.uid() and status = 'pending');
  alter table public.chat_messages enable row level security;
  create policy see on public.chat_messages for select to authenticated using (true);
  create policy send on public.chat_messages for insert to authenticated with check (sender = auth.uid());`;

const definer = (signature: string, returns: string, body: string) => `
create function public.${signature} returns ${returns} language plpgsql security definer set search_path = public as $$ begin ${body} end $$;
`;

/** The rules about messages ask the table for the room's type; Mal is in no room, and puts what a case says. */
const guarded = `
create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
alter table public.rooms enable row level security;
alter table public.chat_rooms enable row level security;
alter table public.room_members enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;
alter table public.chat_messages drop constraint room;
insert into public.chat_messages (room_id, sender, content) values (md5('gone')::uuid, md5('ann')::uuid, 'of a room that was deleted');
create policy theirs on public.chat_messages for select to authenticated using (
    exists (
        select
        from public.chat_rooms as room
        where room.id = chat_messages.room_id
            and case room.type
                when 'dm' then exists (select from public.room_members as x where x.room_id = room.id and x.user_id = auth.uid())
                else exists (select from public.chat_room_members as x where x.room_id = room.id and x.user_id = auth.uid())
            end
    )
);
grant select, insert, update, delete on all tables in schema public to authenticated;
`;

/** A restrictive policy bounds which rooms anybody sees. */
const tenant = `
alter table public.chat_rooms add org text, enable row level security;
alter table public.chat_messages enable row level security;
create policy tenant on public.chat_rooms as restrictive for select to authenticated using (org is null);
create policy everybody on public.chat_rooms for select to authenticated using (true);
`;

const anybodyAdds = `
alter table public.chat_room_members enable row level security;
create policy adds on public.chat_room_members for insert to authenticated with check (auth.uid() is not null);
`;

/** Nobody waits, and whoever is added will. */
const admittedByBoolean = `${chat} alter table public.chat_room_members drop column status, add is_approved boolean not null default false;
update public.chat_room_members set is_approved = true; ${anybodyAdds}`;

/** Mal has put the id of the club into the older table, and is a participant there. */
const madeAgain = `
create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
create table public.conversation_participants (room_id uuid references public.rooms (id), user_id uuid);
insert into public.rooms (id, kind, created_by) values (md5('club')::uuid, 'group', md5('mal')::uuid);
insert into public.conversation_participants values (md5('club')::uuid, md5('mal')::uuid);
alter table public.rooms enable row level security;
create policy makes on public.rooms for insert to authenticated with check (created_by = auth.uid());
`;

const newcomer = `
insert into auth.users (id) values (md5('ann')::uuid);
create table public.rooms (id uuid primary key, name text not null, is_group boolean default false, created_by uuid);
create table public.room_members (room_id uuid references public.rooms (id), user_id uuid, role text default 'member');
create table public.messages (id bigserial primary key, room_id uuid, user_id uuid, content text not null);
insert into public.rooms values (md5('club')::uuid, 'Club', true, md5('ann')::uuid);
insert into public.room_members values (md5('club')::uuid, md5('ann')::uuid);
insert into public.messages (room_id, user_id, content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');
`;

export const decisionMutants: readonly DecisionMutant[] = [
  {
    name: 'a helper that only old policies ask is left behind broken, without a word',
    from: 'where said.function_id = said.caller_id\n',
    to: 'where false\n',
    database: `${chat.replaceAll('id uuid primary key, type', 'id text primary key, type').replaceAll('room_id uuid', 'room_id text')}
      create function public.is_in(room text) returns boolean language sql stable security definer set search_path = '' as $$
        select exists (select from public.chat_room_members as own where own.room_id = room and own.user_id = auth.uid()) $$;
      alter table public.chat_messages enable row level security;
      create policy reads on public.chat_messages for select to authenticated using (public.is_in(room_id));`,
  },
  {
    name: 'messages that are numbered in each room are refused, once they have one key',
    from: "where present.table_name = 'chat_messages'\n    and not exists",
    to: 'where false\n    and not exists',
    database: `${chat} delete from public.chat_messages;
      alter table public.chat_messages drop column id, add id bigint not null, add primary key (room_id, id);
      insert into public.chat_messages (room_id, id, sender, content) values (md5('club')::uuid, 1, md5('ann')::uuid, 'hello');
      create function public.number_it() returns trigger language plpgsql set search_path = '' as $$ begin
        new.id := (select coalesce(max(id), 0) + 1 from public.chat_messages where room_id = new.room_id); return new; end $$;
      create trigger number_it before insert on public.chat_messages for each row execute function public.number_it();`,
  },
  {
    name: 'messages that a function showed, because policies recurse, are read past it without a word',
    from: "or had.holds = 'messages'\n",
    to: 'or false\n',
    database: `${chat} alter table public.chat_messages add deleted_at timestamptz;
      alter table public.chat_messages enable row level security; alter table public.chat_room_members enable row level security;
      create policy sees on public.chat_room_members for select to authenticated using (exists (
          select from public.chat_room_members as own where own.room_id = chat_room_members.room_id and own.user_id = auth.uid()));
      create policy reads on public.chat_messages for select to authenticated using (exists (
          select from public.chat_room_members as own where own.room_id = chat_messages.room_id and own.user_id = auth.uid()));
      ${definer('read_messages(room uuid)', 'setof public.chat_messages', 'return query select * from public.chat_messages where room_id = room and deleted_at is null;')}`,
  },
  {
    name: 'who makes the ids of their messages themselves cannot send',
    from: 'where not schema_fix.was_applied()\n',
    to: 'where false\n',
    database: `${chat} alter table public.chat_messages alter column id drop default;
      alter table public.chat_messages enable row level security;
      create policy sends on public.chat_messages for insert to authenticated with check (sender = auth.uid());`,
  },
  {
    name: "what a function of the application's writes besides is forgotten",
    from: "where replaced.name !~ '^user_is_'\n    union\n    -- Who is added",
    to: 'where false\n    union\n    -- Who is added',
    database: `${chat} ${definer(
      'create_group_room(p_creator uuid, p_is_private boolean, p_member_ids uuid[], p_name text)',
      'uuid',
      "insert into chat_messages (sender, content) values (p_creator, 'made the group'); return null;",
    )}`,
  },
  {
    name: 'whom a function made an admin is a member',
    from: 'having count(*) > 1\n',
    to: 'having false\n',
    database: `${chat} ${definer(
      'create_group_room(p_creator uuid, p_is_private boolean, p_member_ids uuid[], p_name text)',
      'uuid',
      `insert into chat_room_members (room_id, user_id, role) values (p_creator, p_creator, 'admin');
       insert into chat_room_members (room_id, user_id, role) select p_creator, who, 'admin' from unnest(p_member_ids) as who; return null;`,
    )}`,
  },
  {
    name: 'calls that name other arguments find nothing',
    from: 'where replaced.name in (select function_name from schema_fix.arguments)\n',
    to: 'where false\n',
    database: `${chat} ${definer('open_or_create_dm(whom uuid)', 'uuid', 'return null;')}`,
  },
  {
    name: 'calls of a function get something else',
    from: 'where pg_get_function_result(routine.oid) <> wanted.result\n',
    to: 'where false\n',
    database: `${chat} ${definer('ensure_direct_conversation(me uuid, partner uuid)', 'uuid', 'return null;')}`,
  },
  {
    name: 'what made rooms for others is refused from then on',
    from: 'where case\n        when routine.prorettype',
    to: 'where false and case\n        when routine.prorettype',
    database: `${chat}
      ${definer('ensure_direct_conversation(me uuid, partner uuid)', 'table (output_room_id uuid)', 'return;')}
      ${definer('ordered(seller uuid, buyer uuid)', 'void', 'perform ensure_direct_conversation(seller, buyer);')}
    `,
  },
  {
    name: 'a variable that held who calls holds nobody else',
    from: 'bool_and(coalesce(',
    to: 'bool_or(coalesce(',
    database: `${chat}
      ${definer('ensure_direct_conversation(me uuid, partner uuid)', 'table (output_room_id uuid)', 'return;')}
      ${definer(
        'ordered(seller uuid, buyer uuid)',
        'void',
        'declare maker uuid := auth.uid(); begin if seller <> buyer then maker := seller; end if; perform ensure_direct_conversation(maker, buyer); end;',
      )}
    `,
  },
  {
    name: 'a row that a function makes of a list of columns has too few',
    from: 'where (\n        line.source ~ format(',
    to: 'where false and (\n        line.source ~ format(',
    database: `${chat} create function public.lines() returns setof public.chat_messages language sql
      as $$ select id, room_id, sender, content, created_at from public.chat_messages $$;`,
  },
  {
    name: 'what a function asks before it makes a room is forgotten',
    from: 'where not exists (\n',
    to: 'where false and not exists (\n',
    database: `${chat}
      alter table public.chat_rooms enable row level security;
      alter table public.room_members enable row level security;
      create table public.matches (a uuid, b uuid);
      ${definer(
        'start_match_chat(other uuid)',
        'void',
        `if not exists (select from matches where a = auth.uid() and b = other) then raise exception 'not matched'; end if;
         insert into chat_rooms (id, type, created_by) values (md5(other::text)::uuid, 'dm', auth.uid());
         insert into room_members (room_id, user_id) values (md5(other::text)::uuid, auth.uid()), (md5(other::text)::uuid, other);`,
      )}`,
  },
  {
    name: 'what a function writes is not understood',
    from: '    table schema_fix.changes_not_understood\n',
    to: '    select * from schema_fix.changes_not_understood where false\n',
    database: `${chat} ${definer('take(message uuid)', 'void', 'update chat_messages as m set sender = auth.uid() where m.id = message;')}`,
  },
  {
    name: 'members change a column that a function reads',
    from: 'where schema_fix.reads_column(said.source, lower(attribute.attname))\n',
    to: 'where false\n',
    database: `${chat}
      alter table public.chat_room_members add is_trusted boolean, enable row level security;
      create policy own on public.chat_room_members for update to authenticated using (user_id = (select auth.uid()));
      create function public.trusted() returns boolean language sql as $$
          select is_trusted from public.chat_room_members where user_id = auth.uid() and status = 'approved'
      $$;`,
  },
  {
    name: 'messages that are meant to have no sender are forgotten',
    from: 'where not schema_fix.was_applied()\nhaving',
    to: 'where false\nhaving',
    database: `${chat} alter table public.chat_messages add is_system boolean default false;
      insert into public.chat_messages (room_id, content, is_system)
      values (md5('club')::uuid, 'Ann joined', true), (md5('club')::uuid, 'Ben joined', true);`,
  },
  {
    name: 'what a message says in another column is forgotten',
    from: "where message.holds = 'messages'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_messages rename content to utterance;
      alter table public.chat_messages alter utterance set not null;`,
  },
  {
    name: 'messages of another table stay behind without a word',
    from: 'where not exists (select from schema_fix.legacy_messages)\n',
    to: 'where false\n',
    database: newcomer,
  },
  {
    name: 'a schema that was shut is opened',
    from: "where not has_schema_privilege('authenticated', 'public', 'usage')\n",
    to: 'where false\n',
    database: `${chat} revoke usage on schema public from public, anon, authenticated;
      create table public.profiles (id uuid); grant select on public.profiles to authenticated;`,
  },
  {
    name: "what others create in public runs with the owner's rights",
    from: "where schema.nspname in ('public', 'extensions')\n",
    to: 'where false\n',
    database: `${chat} create function public.note() returns trigger language plpgsql as 'begin return new; end';
      create trigger note after insert on public.chat_rooms for each row execute function public.note();
      grant create on schema public to authenticated;`,
  },
  {
    name: "a stranger's function is taken for one of Postgres' own",
    from: 'and schema_fix.is_api_role(made.owner)',
    to: 'and false',
    database: `${chat} reset role; grant create on schema public to authenticated; set role authenticated;
      create function public.lower(varchar) returns text language sql return 'approved';
      reset role; set role supabase_owner;`,
  },
  {
    name: 'what anybody could write says who sent a message',
    from: '    and contradicting.number > 0\n',
    to: '    and false\n',
    database: `${chat} alter table public.chat_messages add sender_id uuid, enable row level security;
      update public.chat_messages set sender_id = md5('ben')::uuid;
      create policy senders on public.chat_messages for insert to authenticated with check (true);`,
  },
  {
    name: 'who gave a room away gets it back',
    from: 'where differ > 0\n',
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms add owner_id uuid;
      update public.chat_rooms set owner_id = md5('ben')::uuid where type = 'group';`,
  },
  {
    name: 'whom a room is about becomes its admin',
    from: 'where alone > 0\n',
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms add owner_id uuid;
      update public.chat_rooms set owner_id = md5('ben')::uuid, created_by = null where type = 'group';`,
  },
  {
    name: 'a key to a title stops the fix in the middle',
    from: "where key.contype = 'f'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms add constraint titles unique (title);
      create table public.invites (title text references public.chat_rooms (title));`,
  },
  {
    name: 'whom only the list of a room names is in it no more',
    from: '    and said.people > 0;',
    to: '    and false;',
    database: `${chat} alter table public.chat_rooms add participants uuid[];
      update public.chat_rooms set participants = array[md5('ann')::uuid, md5('ben')::uuid, md5('mal')::uuid] where type = 'group';`,
  },
  {
    name: 'what a type was computed from says nothing any more',
    from: '    and not said.says_the_same\n',
    to: '    and false\n',
    database: `${chat} alter table public.chat_rooms drop column type, add is_dm boolean default false;
      alter table public.chat_rooms add type text generated always as (case when is_dm then 'dm' else 'group' end) stored;
      update public.chat_rooms set is_dm = id = md5('pair')::uuid;`,
  },
  {
    name: 'a group of a name that everybody uses is refused from then on',
    from: 'named.creators > 1 or named.circles',
    to: 'named.circles',
    database: `${chat} insert into public.chat_rooms (id, title, created_by) select gen_random_uuid(), 'New chat', md5(creator)::uuid
      from unnest(array['ann', 'ann', 'ben', 'ben']) as creator;`,
  },
  {
    name: 'of two types of a room one is taken',
    from: '    and not schema_fix.messages_are_keyed_to_chat_rooms()\n',
    to: '    and false\n',
    database: `${chat} alter table public.chat_messages drop constraint room;
      create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
      insert into public.rooms values (md5('club')::uuid, 'dm', 'old', md5('ann')::uuid);`,
  },
  {
    name: 'memberships that no rule asked are evidence',
    from: "where not schema_fix.rules_name('chat_messages', member.table_name::text)\n",
    to: 'where false\n',
    database: `${chat} ${guarded}
      create table public.conversation_participants (room_id uuid, user_id uuid);
      grant all on public.conversation_participants to authenticated;
      insert into public.conversation_participants values (md5('club')::uuid, md5('mal')::uuid);`,
  },
  {
    name: 'memberships of the other type of room are evidence',
    from: "where schema_fix.rules_name('chat_messages', 'chat_room_members')\n",
    to: 'where false\n',
    database: `${chat} ${guarded}
      create policy self on public.chat_room_members for insert to authenticated with check (user_id = auth.uid());
      insert into public.chat_room_members (room_id, user_id) values (md5('pair')::uuid, md5('mal')::uuid);`,
  },
  {
    name: 'a room that somebody made again is a room',
    from: "where room.source = 'public.rooms'\n",
    to: 'where false\n',
    database: `${chat} ${guarded}
      create policy anybody on public.rooms for all to authenticated using (true) with check (true);
      insert into public.rooms (id, kind, created_by) values (md5('gone')::uuid, 'group', md5('mal')::uuid);`,
  },
  {
    name: 'what only the server kept back is shown to members',
    from: "where had.table_name = 'chat_messages'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_messages add visible_to uuid, enable row level security;`,
  },
  {
    name: "what a function did with its caller's rights stops working without a word",
    from: "where writing.table_name <> 'chat_room_members'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms add last_message_at timestamptz;
    create function public.note_it() returns trigger language plpgsql as $$ begin
        update public.chat_rooms set last_message_at = new.created_at where id = new.room_id; return new; end $$;
    create trigger note_it after insert on public.chat_messages for each row execute function public.note_it();`,
  },
  {
    name: 'a membership of another is changed by nobody without a word',
    from: "where writing.table_name = 'chat_room_members'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_room_members add unread integer default 0;
    create function public.count_it() returns trigger language plpgsql as $$ begin
        update public.chat_room_members set unread = unread + 1 where room_id = new.room_id and user_id <> new.sender; return new; end $$;
    create trigger count_it after insert on public.chat_messages for each row execute function public.count_it();`,
  },
  {
    name: 'a message in another name is refused to a function without a word',
    from: "where writing.table_name in ('chat_messages', 'chat_rooms')\n",
    to: 'where false\n',
    database: `${chat} create function public.tell(room uuid) returns void language sql as $$
        insert into public.chat_messages (room_id, sender, content) values (room, md5('bot')::uuid, 'hi') $$;`,
  },
  {
    name: 'what a membership says to its owner alone is shown to the room without a word',
    from: 'where present.table_id in',
    to: 'where false and present.table_id in',
    database: `${chat} ${ownAlone} grant select on public.chat_room_members to authenticated;
    alter table public.chat_room_members add draft text, add last_read_message_id uuid, add muted boolean default false;
    update public.chat_room_members set draft = 'I quit', last_read_message_id = md5('1')::uuid;`,
  },
  {
    name: 'a row that was locked is found by nobody without a word',
    from: 'and had.was_there',
    to: 'and false',
    database: `${chat} grant select, update on public.chat_rooms to authenticated;
    create function public.send_message(room uuid, words text) returns void language plpgsql as $$ begin
        perform 1 from public.chat_rooms as r where r.id = room for update of r;
        if not found then raise exception 'no such room'; end if;
        insert into public.chat_messages (room_id, sender, content) values (room, auth.uid(), words); end $$;`,
  },
  {
    name: 'a rule about who may join sees nothing any more',
    from: "where going.table_id = schema_fix.table_called('chat_room_members')\n",
    to: 'where false\n',
    database: `${chat} create function public.not_full() returns trigger language plpgsql as $$ begin
        if (select count(*) from public.chat_room_members where room_id = new.room_id) >= 10 then raise exception 'full'; end if;
        return new; end $$;
    create trigger not_full before insert on public.chat_room_members for each row execute function public.not_full();`,
  },
  {
    name: 'an owner becomes a plain member without a word',
    from: "btrim(said.word) not in ('', 'admin')\n",
    to: 'false\n',
    database: `${chat} update public.chat_room_members set role = 'owner' where user_id = md5('ben')::uuid;`,
  },
  {
    name: 'who was invited cannot accept any more',
    from: "where policy.holds = 'members'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_room_members enable row level security;
    create policy invite on public.chat_room_members for insert with check (
        exists (select from public.chat_rooms where id = room_id and created_by = auth.uid())
    );
    create policy accept on public.chat_room_members for update using (user_id = auth.uid() and status = 'pending')
    with check (user_id = auth.uid() and status = 'approved');`,
  },
  {
    name: 'a group in which there are two becomes a conversation without a word',
    from: "having not bool_or(source = 'public.chat_room_members')\n",
    to: 'having false\n',
    database: `${chat} update public.chat_rooms set type = null, title = 'Anime' where id = md5('pair')::uuid;`,
  },
  {
    name: 'a chat of other tables is left as it is without a word',
    from: 'where not exists (select from schema_fix.present_tables)\n',
    to: 'where false\n',
    database: `create table public.channels (id bigint primary key);
    create table public.messages (id bigint primary key, channel_id bigint references public.channels, user_id uuid, message text);`,
  },
  {
    name: 'what bounds the table that an old rule reads bounds nothing any more',
    from: "and looked.refclassid = 'pg_class'::regclass\n",
    to: 'and false\n',
    database: `${chat} ${tenant}
      create policy theirs on public.chat_messages for select to authenticated
      using (exists (select from public.chat_rooms as room where room.id = chat_messages.room_id));`,
  },
  {
    name: 'what bounds the table that a function of an old rule reads bounds nothing any more',
    from: 'and not routine.prosecdef\n',
    to: 'and false\n',
    database: `${chat} ${tenant}
      create function public.sees(wanted uuid) returns boolean language sql stable
      as $$ select exists (select from public.chat_rooms as room where room.id = wanted) $$;
      create policy theirs on public.chat_messages for select to authenticated using (public.sees(room_id));`,
  },
  {
    name: 'a key of a column that comes along stays behind without a word',
    from: 'where rules.table_id = carried.table_id\n',
    to: 'where false\n',
    database: `${chat} create table public.matches (id uuid primary key);
      create table public.rooms (id uuid primary key, kind text, slug text, match_id uuid references public.matches (id) on delete cascade);`,
  },
  {
    name: 'a unique index of a column that comes along stays behind without a word',
    from: 'where index.indisunique\n',
    to: 'where false\n',
    database: `${chat} create table public.rooms (id uuid primary key, kind text, slug text, code text);
      create unique index codes on public.rooms (lower(code));`,
  },
  {
    name: 'a column that comes along may be empty from now on',
    from: 'where carried.is_required\n',
    to: 'where false\n',
    database: `${chat} create table public.rooms (id uuid primary key, kind text, slug text, topic text not null);`,
  },
  {
    name: 'whoever has a status that nobody knows waits without a word',
    from: 'where member.user_id is not null\n',
    to: 'where false\n',
    database: `${chat} insert into public.chat_room_members (room_id, user_id, status) values (md5('club')::uuid, md5('mal')::uuid, 'active');`,
  },
  {
    name: 'whoever was there before there was a status waits without a word',
    from: 'having bool_or(was_in)\n',
    to: 'having false\n',
    database: `${chat} update public.chat_room_members set status = null where user_id = md5('ann')::uuid;`,
  },
  {
    name: 'a conversation of two by a word that nobody knows is a group',
    from: "where btrim(room.word) <> ''\n",
    to: 'where false\n',
    database: `${chat} insert into public.chat_rooms values (md5('word')::uuid, 'personal', null, md5('ann')::uuid);
      insert into public.chat_room_members (room_id, user_id)
      values (md5('word')::uuid, md5('ann')::uuid), (md5('word')::uuid, md5('ben')::uuid);`,
  },
  {
    name: 'a conversation of two of which nothing says the type is a group',
    from: 'and count(distinct person) = 2\n',
    to: 'and false\n',
    database: `${chat} insert into public.chat_rooms values (md5('two')::uuid, null, null, md5('ann')::uuid);
      insert into public.chat_room_members (room_id, user_id)
      values (md5('two')::uuid, md5('ann')::uuid), (md5('two')::uuid, md5('ben')::uuid);`,
  },
  {
    name: 'who left by a column that no rule asked loses the room without a word',
    from: 'where member.user_id is not null\n',
    to: 'where false\n',
    database: `${chat} alter table public.chat_room_members add left_at timestamptz;
      update public.chat_room_members set left_at = now() where user_id = md5('ben')::uuid;
      create function public.is_in(wanted uuid) returns boolean language sql stable security definer set search_path = '' as $$
          select exists (select from public.chat_room_members as mine where mine.room_id = wanted and mine.user_id = auth.uid())
      $$;
      alter table public.chat_messages enable row level security;
      create policy theirs on public.chat_messages for select to authenticated using (public.is_in(room_id));`,
  },
  {
    name: 'who was in a room as its creator alone loses it without a word',
    from: "rule.holds in ('rooms', 'messages')",
    to: 'false',
    database: `${chat} insert into public.chat_rooms values (md5('solo')::uuid, 'group', 'Solo', md5('mal')::uuid);
      insert into public.chat_room_members (room_id, user_id) values (md5('solo')::uuid, md5('ben')::uuid);
      create function public.is_in(wanted uuid) returns boolean language sql stable security definer set search_path = '' as $$
          select exists (select from public.chat_room_members as mine where mine.room_id = wanted and mine.user_id = auth.uid())
      $$;
      alter table public.chat_rooms enable row level security;
      create policy theirs on public.chat_rooms for select to authenticated using (public.is_in(id) or created_by = auth.uid());`,
  },
  {
    name: 'what members change of their part in a conversation of two is taken from them without a word',
    from: "where moved.table_name = 'chat_room_members'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_room_members add last_read_at timestamptz, enable row level security;
      insert into public.chat_room_members (room_id, user_id) select room_id, user_id from public.room_members;
      create policy note on public.chat_room_members for update to authenticated using (user_id = auth.uid());`,
  },
  {
    name: 'who sent a message by another column is forgotten',
    from: 'where not schema_fix.was_applied()',
    to: 'where false',
    database: `${chat} alter table public.chat_messages drop column sender, add person uuid references auth.users (id);`,
  },
  {
    name: 'a key of messages to memberships goes without a word',
    from: "when present.holds = 'messages'",
    to: 'when false',
    database: `${chat} alter table public.chat_messages
      add foreign key (room_id, sender) references public.chat_room_members (room_id, user_id) on delete cascade;`,
  },
  {
    name: 'rooms by another id are rooms that nobody is in',
    from: "where room.holds = 'rooms'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms rename column id to chat_room_id;`,
  },
  {
    name: 'who decided about a group as its creator alone decides no more, without a word',
    from: "rule.table_name = 'chat_room_members'",
    to: 'false',
    database: `${chat} insert into public.chat_rooms values (md5('solo')::uuid, 'group', 'Solo', md5('mal')::uuid);
      insert into public.chat_room_members (room_id, user_id) values (md5('solo')::uuid, md5('ben')::uuid);
      create function public.is_owner(wanted uuid) returns boolean language sql stable security definer set search_path = '' as $$
          select exists (select from public.chat_rooms as made where made.id = wanted and made.created_by = auth.uid())
      $$;
      alter table public.chat_room_members enable row level security;
      create policy theirs on public.chat_room_members for insert to authenticated with check (public.is_owner(room_id));`,
  },
  {
    name: 'nobody looks at what jobs do',
    from: 'for job in execute kept.query loop\n',
    to: 'for job in select null as name, null as command where false loop\n',
    database: `${chat} select cron.schedule('left', '0 3 * * *', $job$delete from public.chat_room_members where status = 'left'$job$);`,
  },
  {
    name: 'nobody asks how transactions are isolated',
    from: "and value = 'repeatable read'\n",
    to: 'and false\n',
    database: `${chat} do $$
      begin
          execute format('alter role authenticator in database %I set default_transaction_isolation = %L', current_database(), 'repeatable read');
      end
      $$;`,
  },
  {
    name: 'whoever takes the id of a message takes what names it',
    from: 'from schema_fix.names_of_repeated_messages() as named\n',
    to: 'from schema_fix.names_of_repeated_messages() as named where false\n',
    database: `${chat} create table public.attachments (message_id uuid);
      alter table public.chat_messages enable row level security, drop constraint chat_messages_pkey;
      insert into public.chat_messages (id, room_id, sender, content) select id, room_id, md5('mal')::uuid, 'mine' from public.chat_messages;
      insert into public.attachments select id from public.chat_messages;
      grant insert on public.chat_messages to authenticated;`,
  },
  {
    name: 'whoever asks to join gives themselves what somebody decides by',
    from: "where has_column_privilege('authenticated', asked.table_id, asked.place, 'insert')\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_room_members add is_moderator boolean not null default false, enable row level security;
      create table public.reports (id uuid primary key, room_id uuid);
      alter table public.reports enable row level security;
      create policy moderators on public.reports for select to authenticated using (
          exists (select from public.chat_room_members m where m.room_id = reports.room_id and m.user_id = auth.uid() and m.is_moderator)
      );`,
  },
  {
    name: 'what bears a name that the fix needs is replaced',
    from: 'where not schema_fix.was_applied()\n',
    to: 'where false\n',
    database: `${chat} create function public.chat_user_id() returns uuid language sql as 'select null::uuid';`,
  },
  {
    name: "a trigger of that name is the fix's",
    from: "and routine.oid = to_regprocedure('public.guard_chat_room_member()')\n    and routine.prosrc ~ 'only a group can be joined'\n",
    to: '',
    database: `${chat} create trigger chat_room_members_guard before update on public.chat_room_members
          for each row execute function pg_catalog.suppress_redundant_updates_trigger();
      alter table public.chat_messages add foreign key (room_id, sender) references public.chat_room_members (room_id, user_id);`,
  },
  {
    name: 'a second membership shuts somebody out',
    from: "where member.status = 'approved'\n",
    to: 'where false\n',
    database: `${chat} ${anybodyAdds} alter table public.chat_room_members drop constraint chat_room_members_pkey;
      insert into public.chat_room_members (room_id, user_id, status) values (md5('club')::uuid, md5('ben')::uuid, 'blocked');`,
  },
  {
    name: 'a membership that no rule asks shuts somebody out of a conversation',
    from: "where other.source = 'public.chat_room_members'\n",
    to: 'where false\n',
    database: `${chat} ${anybodyAdds} alter table public.room_members enable row level security;
      insert into public.chat_room_members (room_id, user_id, status) values (md5('pair')::uuid, md5('ben')::uuid, 'pending');`,
  },
  {
    name: "whoever writes a room's id a second time made it",
    from: 'and (other.created_by <> room.created_by or other.type <> room.type)\n',
    to: 'and false\n',
    database: `${chat} alter table public.chat_rooms drop constraint chat_rooms_pkey cascade, enable row level security;
      create policy makes on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
      insert into public.chat_rooms values (md5('club')::uuid, 'group', 'Club', md5('ben')::uuid);`,
  },
  {
    name: "whoever writes a room's id into the older table made it",
    from: "where room.source = 'public.chat_rooms'\n",
    to: 'where false\n',
    database: `${chat} ${madeAgain} alter table public.chat_messages drop constraint room;
      alter table public.chat_rooms enable row level security;
      create policy makes on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());`,
  },
  {
    name: 'whoever made a room again lets people in',
    from: "where member.source = 'public.conversation_participants'\n",
    to: 'where false\n',
    database: `${chat} ${madeAgain}`,
  },
  {
    name: 'whoever deletes what a room belongs to deletes what was written there',
    from: "and above.confdeltype = 'c'\n",
    to: 'and false\n',
    database: `${chat} create table public.projects (id integer primary key);
      alter table public.chat_rooms add project integer references public.projects (id) on delete cascade;`,
  },
  {
    name: 'nobody who is in a room can be deleted',
    from: "    and (key.confdeltype = 'n' or key.confdeltype = 'd' and not person.atthasdef)\n",
    to: '    and false\n',
    database: `${chat} alter table public.chat_room_members drop constraint chat_room_members_pkey, alter user_id drop not null,
      add foreign key (user_id) references auth.users (id) on delete set null;`,
  },
  {
    name: 'invitations are lost, and nobody can invite',
    from: '    cross join lateral schema_fix.marks_of_the_invited(present.table_id) as mark (name)\n    where present',
    to: '    cross join lateral schema_fix.marks_of_the_invited(present.table_id) as mark (name)\n    where false and present',
    database: `${chat} alter table public.chat_room_members drop constraint chat_room_members_pkey, alter user_id drop not null, add email text;
      insert into public.chat_room_members (room_id, email) select id, 'cat@example.com' from public.chat_rooms limit 1;`,
  },
  {
    name: 'a conversation that people make by a boolean becomes a group',
    from: "and cardinality(schema_fix.columns_for(writer.table_id, 'type')) = 0\n",
    to: 'and false\n',
    database: `${chat} alter table public.chat_rooms drop column type, add is_group boolean not null default true, enable row level security;
      update public.chat_rooms set is_group = (title is not null);
      create policy makes on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());`,
  },
  {
    name: 'a conversation that people open by inserting it is refused',
    from: "where policy.holds = 'members'\n",
    to: 'where false\n',
    database: `${chat} drop table public.room_members;
      alter table public.chat_rooms enable row level security;
      create policy makes on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
      alter table public.chat_room_members enable row level security;
      create policy adds on public.chat_room_members for insert to authenticated with check (true);`,
  },
  {
    name: 'a function that is left over opens the conversations that people insert',
    from: 'and written.table_name = policy.table_name\n',
    to: '',
    database: `${chat} drop table public.room_members;
      alter table public.chat_rooms enable row level security;
      create policy makes on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
      alter table public.chat_room_members enable row level security;
      create policy adds on public.chat_room_members for insert to authenticated with check (true);
      ${definer('open_or_create_dm(partner uuid)', 'uuid', 'insert into room_members values (partner, auth.uid()), (partner, partner); return partner;')}`,
  },
  {
    name: 'whoever writes a word where a rule only names the column is refused from then on',
    from: 'asked.words is null\n',
    to: 'false\n',
    database: `${chat} update public.chat_rooms set type = 'channel'; alter table public.chat_rooms enable row level security;
      create policy makes on public.chat_rooms for insert to authenticated with check (type is not null);`,
  },
  {
    name: 'what people mark in messages and rooms stands still without a word',
    from: "when 'chat_messages' then schema_fix",
    to: "when 'nothing' then schema_fix",
    database: `${chat} alter table public.chat_messages add is_read boolean;`,
  },
  {
    name: 'whoever asks to join a room without an admin waits for ever',
    from: 'having not bool_or',
    to: 'having false and bool_or',
    database: `${chat} update public.chat_rooms set created_by = null; alter table public.chat_room_members enable row level security;
      create policy joins on public.chat_room_members for insert to authenticated with check (user_id = auth.uid());`,
  },
  {
    name: 'whoever made the rooms decides no more',
    from: 'where room.places = 1\n',
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms rename created_by to admin_id;`,
  },
  {
    name: 'a view shows what is in a room to whoever asks to join',
    from: 'schema_fix.relations_named(reader.source)) > 1',
    to: 'schema_fix.relations_named(reader.source)) > 9',
    database: `${chat} alter table public.chat_room_members enable row level security; create table public.meetings (room_id uuid, link text);
      create view public.my_meetings as select meeting.link from public.meetings as meeting
          join public.chat_room_members as mine using (room_id) where mine.user_id = auth.uid();`,
  },
  {
    name: 'whoever asks to join is counted as a member',
    from: "where written.verb = 'update'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms add member_count integer not null default 0;
      alter table public.chat_room_members enable row level security;
      ${definer('counted()', 'trigger', 'update chat_rooms set member_count = member_count + 1 where id = new.room_id; return null;')}
      create trigger counted after insert on public.chat_room_members for each row execute function public.counted();`,
  },
  {
    name: 'whoever asks to join is published as a member',
    from: "where member.prrelid = schema_fix.table_called('chat_room_members')\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_room_members enable row level security;
      create publication board for table public.chat_room_members (room_id, user_id);`,
  },
  {
    name: 'the status of something else keeps out who asks to join',
    from: 'named.relation_id = any (handed) as is_membership',
    to: 'true as is_membership',
    database: `${chat} alter table public.chat_room_members enable row level security;
      create table public.orders (room_id uuid, status text);
      ${definer('many(room uuid)', 'bigint', "return (select count(*) from chat_room_members join orders as o using (room_id) where o.status = 'pending');")}`,
  },
  {
    name: 'the lobbies of a game are moved into the chat without a word',
    from: "where room.table_name = 'rooms'\n",
    to: 'where false\n',
    database: `${chat} create table public.rooms (id uuid primary key, code text, host_id uuid);
      drop table public.room_members;
      create table public.room_members (room_id uuid references public.rooms (id), user_id uuid);
      insert into public.rooms values (md5('lobby')::uuid, 'ABC', md5('ann')::uuid);`,
  },
  {
    name: 'whoever asks to join is announced as a member',
    from: "schema_fix.calls_out(), 'g')",
    to: "'^$', 'g')",
    database: `${chat} alter table public.chat_room_members enable row level security;
      ${definer('posted()', 'trigger', "perform net.http_post('https://example.org', to_jsonb(new)); return null;")}
      create trigger posted after insert on public.chat_room_members for each row execute function public.posted();`,
  },
  {
    name: 'who left by a word in another column than the status reads on',
    from: 'where held.words is not null',
    to: 'where false',
    database: `${chat} alter table public.chat_room_members drop status, add membership_state text default 'joined';
      update public.chat_room_members set membership_state = 'left' where user_id = md5('ben')::uuid;`,
  },
  {
    name: 'whom a trigger of another table makes a plain member is the admin of the room',
    from: "where making.table_name = 'chat_rooms'\n",
    to: 'where false\n',
    database: `${chat} create table public.tickets (id uuid primary key, customer uuid);
      ${definer('open_ticket()', 'trigger', 'insert into chat_rooms (id, created_by) values (new.id, new.customer); insert into chat_room_members (room_id, user_id) values (new.id, new.customer); return new;')}
      create trigger open_ticket before insert on public.tickets for each row execute function public.open_ticket();`,
  },
  {
    name: 'whoever writes a word that the check knew is refused from then on',
    from: "where rule.contype = 'c'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms enable row level security, add check (type in ('direct', 'dm', 'group'));
      create policy makes on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());`,
  },
  {
    name: 'a conversation that anybody makes by a boolean becomes a group',
    from: 'or not relation.relrowsecurity)\n',
    to: 'or false)\n',
    database: `${chat} alter table public.chat_rooms drop column type, add is_group boolean not null default true;
      update public.chat_rooms set is_group = (title is not null);`,
  },
  {
    name: 'where row level security is off, nobody writes',
    from: 'not relation.relrowsecurity\n',
    to: 'false\n',
    database: `${chat} alter table public.chat_rooms add check (type in ('direct', 'dm', 'group'));
      alter table public.chat_messages enable row level security;
      create policy circle on public.chat_messages for select using (exists (select from public.chat_messages as other));`,
  },
  {
    name: 'whoever writes a word that is the default is refused from then on',
    from: 'from pg_attrdef as given\n',
    to: 'from (select * from pg_attrdef where false) as given\n',
    database: `${chat} alter table public.chat_rooms alter type set default 'channel', enable row level security;
      create policy makes on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());`,
  },
  {
    name: 'whoever writes a word that rows hold is refused from then on',
    from: 'where writer.name is not null\n',
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms enable row level security;
      create policy makes on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
      update public.chat_rooms set type = 'direct' where type = 'dm';`,
  },
  {
    name: 'whoever has words of their own is refused from then on',
    from: 'where writer.name is null\n',
    to: 'where false\n',
    database: `${chat} update public.chat_rooms set type = 'direct' where type = 'dm';`,
  },
  {
    name: 'whoever names a room by a word finds none',
    from: 'not written.is_mixed\n        or ',
    to: '',
    database:
      "create table public.chat_rooms (id text primary key, title text); insert into public.chat_rooms values ('general', 'General');",
  },
  {
    name: 'whoever names a room without rules by a word finds none',
    from: "or schema_fix.is_open('chat_messages', 'a')\n",
    to: 'or false\n',
    database: `create table public.chat_rooms (id text primary key, title text, created_by uuid);
      create table public.chat_messages (id bigserial primary key, room_id text, sender uuid, content text);
      insert into public.chat_rooms values ('general', 'General'), (md5('club')::uuid::text, 'Club');
      insert into public.chat_messages (room_id, sender, content) values ('general', md5('ann')::uuid, 'hello');`,
  },
  {
    name: 'whoever names one of some rooms by a word finds none',
    from: 'or exists (select from schema_fix.writing_policies)',
    to: 'or false',
    database: `create table public.chat_rooms (id text primary key, title text, created_by uuid);
      insert into public.chat_rooms values ('general', 'General'), (md5('club')::uuid::text, 'Club');
      alter table public.chat_rooms enable row level security;
      create policy makes on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());`,
  },
  {
    name: 'a code that tells types of rooms is a code to join by',
    from: "attribute.attname ~* 'code$'\n",
    to: 'true\n',
    database: `${chat} alter table public.chat_rooms drop column type, add kind_of_chat text; update public.chat_rooms set kind_of_chat = title;`,
  },
  {
    name: 'who renames or deletes a room of the older table does so no more, without a word',
    from: "or policy.table_name = 'rooms'\n",
    to: 'or false\n',
    database: `${chat} create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
      insert into public.rooms values (md5('club')::uuid, 'group', 'club', md5('ann')::uuid);
      alter table public.rooms enable row level security;
      create policy see on public.rooms for select to authenticated using (created_by = auth.uid());
      create policy renames on public.rooms for update to authenticated using (created_by = auth.uid());`,
  },
  {
    name: 'who left a conversation of two by a membership that moves leaves no more, without a word',
    from: "status = 'approved' and types.means = 'dm' and (select schema_fix.has_conversations_that_move())\n",
    to: 'false\n',
    database: `${chat} drop table public.room_members;
      insert into public.chat_room_members (room_id, user_id) values (md5('pair')::uuid, md5('ann')::uuid), (md5('pair')::uuid, md5('ben')::uuid);
      alter table public.chat_room_members enable row level security;
      create policy see on public.chat_room_members for select to authenticated using (user_id = auth.uid());
      create policy leaves on public.chat_room_members for delete to authenticated using (user_id = auth.uid());`,
  },
  {
    name: 'a group that a boolean says is none is a conversation that nobody leaves',
    from: "having count(distinct user_id) filter (where source = 'public.chat_room_members') > 2\n",
    to: 'having false\n',
    database: `${chat} alter table public.chat_rooms drop column type, add is_group boolean default false;
      insert into public.chat_room_members (room_id, user_id) values (md5('club')::uuid, md5('mal')::uuid);`,
  },
  {
    name: 'rooms that only the server made are made by everybody',
    from: "where nobody.holds in ('rooms', 'members')\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms enable row level security;
      create policy see on public.chat_rooms for select to authenticated using (true);
      alter table public.chat_room_members enable row level security;
      alter table public.room_members enable row level security;
      alter table public.chat_messages enable row level security;
      create policy see on public.chat_messages for select to authenticated using (true);
      create policy send on public.chat_messages for insert to authenticated with check (sender = auth.uid());`,
  },
  {
    name: 'whoever could put nobody into a group puts anybody in',
    from: 'where (select yes from works)\n',
    to: 'where false\n',
    database: `${chat} ${makesGroups}`,
  },
  {
    name: 'whoever could open no conversation of two opens one with anybody',
    from: 'where (select yes from works)\n',
    to: 'where false\n',
    database: `${chat} ${makesGroups}`,
  },
  {
    name: 'an admin of any room is whoever makes one',
    from: "where asking.source !~ format('\\m(%s)\\M', asking.rooms)\n",
    to: 'where false\n',
    database: `${chat} ${makesGroups} create table public.notes (id bigint primary key);
      alter table public.notes enable row level security;
      create policy staff on public.notes for select to authenticated
      using (exists (select from public.chat_room_members as m where m.user_id = auth.uid() and m.role = 'admin'));`,
  },
  {
    name: 'whom the server made a plain member in their own group is its admin',
    from: 'where counted.rooms > 0\n',
    to: 'where false\n',
    database: `${chat} ${makesGroups}
      insert into public.chat_room_members (room_id, user_id, role) values (md5('club')::uuid, md5('mal')::uuid, 'admin');`,
  },
  {
    name: 'a function that returned the group that is there raises an error',
    from: "and words ~ '\\mif\\s",
    to: "and words ~ '\\mnever\\mif\\s",
    database: `${chat} ${definer(
      "create_group_room(p_creator uuid, p_is_private boolean = false, p_member_ids uuid[] = '{}', p_name text = '')",
      'uuid',
      `select id into p_creator from chat_rooms where created_by = auth.uid() and title = p_name;
       if p_creator is not null then return p_creator; end if; return gen_random_uuid();`,
    )}`,
  },
  {
    name: 'the functions of the fix make rooms for whom a restrictive policy keeps from it',
    from: 'where not policy.is_permissive\n',
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms enable row level security;
      create policy no_guests on public.chat_rooms as restrictive for insert to authenticated
      with check ((auth.jwt() ->> 'is_anonymous')::boolean is not true);`,
  },
  {
    name: 'a trigger that asks for the role lets through whom it stopped',
    from: 'where (\n',
    to: 'where false and (\n',
    database: `${chat} create function public.lim() returns trigger language plpgsql as $$ begin
        if current_user = 'authenticated' then raise 'too many rooms'; end if; return new; end $$;
      create trigger lim before insert on public.chat_rooms for each row execute function public.lim();`,
  },
  {
    name: 'nothing is said of columns of a membership that were not granted',
    from: "else table_name = 'chat_room_members'\n",
    to: 'else false\n',
    database: `${chat} alter table public.chat_room_members add muted boolean;
      revoke update on public.chat_room_members from authenticated; grant update (status) on public.chat_room_members to authenticated;`,
  },
  {
    name: 'times of another zone are read as UTC',
    from: "and given.name ~* '^timezone$'\n",
    to: 'and false\n',
    database: `${chat} alter table public.chat_messages alter created_at type timestamp, alter created_at set default now();
      do $$ begin execute format('alter database %I set timezone = ''Asia/Seoul''', current_database()); end $$;`,
  },
  {
    name: 'whoever has to be admitted is in by a boolean',
    from: "pg_get_expr(given.adbin, given.adrelid) = 'true'",
    to: 'true',
    database: admittedByBoolean,
  },
  {
    name: 'whoever is admitted by a boolean waits for ever',
    from: 'and not flag.lets_in\n',
    to: 'and false\n',
    database: admittedByBoolean,
  },
  {
    name: 'whoever is asked for a conversation of two can never accept',
    from: "waiting.status = 'pending'\n",
    to: 'false\n',
    database: `${chat} update public.chat_rooms set created_by = null where type = 'dm'; delete from public.room_members;
      insert into public.chat_room_members (room_id, user_id, status)
      values (md5('pair')::uuid, md5('ann')::uuid, 'approved'), (md5('pair')::uuid, md5('ben')::uuid, 'pending');
      alter table public.chat_room_members enable row level security;
      create policy accept on public.chat_room_members for update to authenticated using (user_id = auth.uid());`,
  },
  {
    name: "policies for roles of the project's own are dropped without a word",
    from: 'and other.role_id = any (policy.roles)\n',
    to: 'and false\n',
    database: `${chat} alter table public.chat_messages enable row level security;
      create policy staff on public.chat_messages for select to pg_monitor using (sender is not null);`,
  },
  {
    name: 'a policy that the API shares with another role stays',
    from: '    and not exists (select from unnest(policy.roles) as named (role) where named.role = 0 or schema_fix.is_api_role(named.role))\n',
    to: '',
    database: `${chat} alter table public.chat_messages enable row level security;
      create policy staff on public.chat_messages for select to pg_monitor, authenticated using (true);`,
  },
  {
    name: 'a role that reads reports is shut out by policies without a word',
    from: '(not relation.relrowsecurity or exists',
    to: '(false and exists',
    database: `${chat} grant select on public.chat_messages to pg_monitor;`,
  },
  {
    name: 'visitors whom a policy of their own lets in are shut out without a word',
    from: "and to_regrole('anon')::oid = any(policy.roles)\n",
    to: 'and false\n',
    database: `${chat} alter table public.chat_messages enable row level security;
      create policy ask on public.chat_messages for insert to anon with check (sender is null);`,
  },
  {
    name: 'the two of a room that names them are in none',
    from: 'when room.id is not null\n',
    to: 'when false\n',
    database: `${chat} alter table public.chat_rooms add user1_id uuid;
      insert into public.chat_rooms (id, user1_id) values (md5('two')::uuid, md5('ann')::uuid);`,
  },
  {
    name: 'messages to one person go to quarantine without a word',
    from: "where message.holds = 'messages'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_messages add receiver_id uuid;
      insert into public.chat_messages (sender, receiver_id, content) values (md5('ann')::uuid, md5('ben')::uuid, 'for you');`,
  },
  {
    name: 'what people write means nothing where rules recurse',
    from: '    and policy_id not in (select recursive.policy_id from schema_fix.recursive_policies as recursive);',
    to: '    and not exists (select from schema_fix.recursive_policies);',
    database: `${chat} update public.chat_rooms set type = 'channel' where type = 'group'; alter table public.chat_rooms enable row level security;
      create policy makes on public.chat_rooms for insert to authenticated with check (true);
      alter table public.room_members enable row level security;
      create policy circle on public.room_members for select to authenticated
      using (exists (select from public.room_members as mine where mine.user_id = auth.uid()));`,
  },
  {
    name: 'whoever writes a word that only rules know is refused from then on',
    from: "where word.constant ~ '^[[:alpha:]][[:alnum:]_-]*$'\n        and schema_fix.says_word_of(lower(texts",
    to: 'where false and schema_fix.says_word_of(lower(texts',
    database: `${chat} ${anybodyAdds} create policy sees on public.chat_room_members for select to authenticated using (status in ('approved', 'muted'));`,
  },
  {
    name: 'who counts the time gets a text',
    from: "and counted.typcategory = 'N'\n",
    to: 'and false\n',
    database: `${chat} alter table public.chat_rooms add created_at bigint;`,
  },
  {
    name: 'a slug that two rooms would have stops the fix in the middle',
    from: 'where index.indrelid =',
    to: 'where false and index.indrelid =',
    database: `${chat} alter table public.chat_rooms add slug text generated always as (lower(title)) stored;
      create unique index rooms_slug on public.chat_rooms (slug);
      create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
      insert into public.rooms values (md5('den')::uuid, 'group', 'Club', md5('ben')::uuid);`,
  },
  {
    name: 'what is no time stops the fix in the middle',
    from: "where other.column_type = 'timestamptz'::regtype\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_rooms add created_at jsonb;`,
  },
  {
    name: 'what a view writes through gets the former type',
    from: ") then changed.column_type <> 'text'::regtype\n",
    to: ') then false\n',
    database: `insert into auth.users (id) values (md5('ann')::uuid);
      create table public.chat_rooms (id text primary key, title text, created_by uuid);
      create table public.chat_messages (id uuid primary key default gen_random_uuid(), room_id text, sender uuid, content text);
      insert into public.chat_rooms values (md5('club')::uuid::text, 'Club', md5('ann')::uuid);
      create view public.feed as select room_id, content from public.chat_messages;
      create function public.feed_in() returns trigger language plpgsql set search_path = '' as $$ begin
          insert into public.chat_messages (room_id, sender, content) values (new.room_id, auth.uid(), new.content); return new; end $$;
      create trigger feed_in instead of insert on public.feed for each row execute function public.feed_in();`,
  },
  {
    name: 'lines of the server are refused from then on',
    from: 'where message.sender_word is null\n',
    to: 'where false\n',
    database: `${chat} insert into public.chat_messages (room_id, content) values (md5('club')::uuid, 'Ben joined');
      alter table public.chat_messages enable row level security;
      create policy sends on public.chat_messages for insert to authenticated with check (sender = auth.uid());`,
  },
  {
    name: 'whoever wrote that they are an admin is one',
    from: "member.role = 'admin'\n",
    to: 'false\n',
    database: `${chat} ${anybodyAdds} update public.chat_room_members set role = 'admin';`,
  },
  {
    name: 'whoever may change their own row is the admin that it says',
    from: "when 'w' then has_column_privilege",
    to: "when 'w' then false and has_column_privilege",
    database: `${chat} update public.chat_room_members set role = 'admin';
      alter table public.chat_room_members enable row level security;
      create policy own on public.chat_room_members for update to authenticated using (user_id = auth.uid());`,
  },
  {
    name: 'whoever waits by a default that no rule asked loses the room without a word',
    from: "where worded.stands_for = 'status'\n",
    to: 'where false\n',
    database: `${chat} alter table public.chat_room_members alter status set default 'pending';
      update public.chat_room_members set status = 'pending';
      create function public.in_room(r uuid) returns boolean language sql stable security definer set search_path = ''
          as $$ select exists (select from public.chat_room_members m where m.room_id = r and m.user_id = auth.uid()) $$;
      alter table public.chat_messages enable row level security;
      create policy reads on public.chat_messages for select to authenticated using (public.in_room(room_id));`,
  },
  {
    name: 'a key of rooms to memberships lets nobody open a conversation',
    from: "when present.holds = 'rooms'",
    to: 'when false',
    database: `${chat} alter table public.chat_rooms add constraint of_a_member
      foreign key (id, created_by) references public.chat_room_members (room_id, user_id) deferrable initially deferred not valid;`,
  },
  {
    name: 'people whom a function reads from the token by a word are accounts',
    from: "where asked.prosrc ~* '(->>",
    to: "where false and asked.prosrc ~* '(->>",
    database: `create function public.asks() returns text language sql stable as $$
        select nullif(current_setting('request.jwt.claims', true)::json ->> 'sub', '') $$;
      create table public.chat_rooms (id uuid primary key, title text, created_by text default public.asks());`,
  },
  {
    name: 'who is a member may do what who is an admin could, by a policy of another table',
    from: "when 'policy' then reader.id",
    to: "when 'policy' then false and reader.id",
    database: `${chat} ${ownAlone} create table public.notices (room_id uuid); alter table public.notices enable row level security;
      create policy admins on public.notices for insert to authenticated
          with check (exists (select from public.chat_room_members as mine where mine.room_id = notices.room_id and mine.role = 'admin'));`,
  },
  {
    name: 'what everybody passes because they see the rooms is shut without a word',
    from: 'where policy.polpermissive\n    and policy.polrelid not in (select present',
    to: 'where false and policy.polrelid not in (select present',
    database: `${chat} alter table public.chat_rooms enable row level security; alter table public.chat_messages enable row level security;
      create policy directory on public.chat_rooms for select to authenticated using (true);
      create policy readers on public.chat_messages for select to authenticated using (exists (
          select from public.chat_room_members as m where m.room_id = chat_messages.room_id and m.user_id = auth.uid()));
      create table public.events (room_id uuid); alter table public.events enable row level security;
      create policy calendar on public.events for select to authenticated
          using (exists (select from public.chat_rooms as r where r.id = events.room_id));`,
  },
  {
    name: 'what everybody passes by a view or a function over the rooms is shut without a word',
    from: "where asking.refclassid = 'pg_class'",
    to: "where false and asking.refclassid = 'pg_class'",
    database: `${chat} alter table public.chat_rooms enable row level security; alter table public.chat_messages enable row level security;
      create policy directory on public.chat_rooms for select to authenticated using (true);
      create policy readers on public.chat_messages for select to authenticated using (exists (
          select from public.chat_room_members as m where m.room_id = chat_messages.room_id and m.user_id = auth.uid()));
      create view public.listed with (security_invoker) as select id from public.chat_rooms;
      create table public.events (room_id uuid); alter table public.events enable row level security;
      create policy calendar on public.events for select to authenticated using (room_id in (select id from public.listed));`,
  },
  {
    name: "a view of one's own memberships shows those of others",
    from: "when 'view' then not",
    to: "when 'view' then false and not",
    database: `${chat} ${ownAlone} create view public.mine with (security_invoker) as select room_id, role from public.chat_room_members;`,
  },
  {
    name: "a function that counted one's own memberships counts those of others",
    from: 'where used.source !~ format(',
    to: 'where false and used.source !~ format(',
    database: `${chat} ${ownAlone} create function public.rooms_of_mine() returns bigint language sql stable set search_path = ''
          as $$ select count(*) from public.chat_room_members $$;`,
  },
  {
    name: 'whoever writes into a table of rooms that is left over without row level security made the room',
    from: "oid in (schema_fix.table_called('rooms'), schema_fix.table_called('chat_rooms'))\n            and relrowsecurity",
    to: "oid = schema_fix.table_called('rooms')\n            and relrowsecurity",
    database: `${chat} alter table public.chat_messages drop constraint room; alter table public.chat_rooms enable row level security;
      create policy makes on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
      create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
      insert into public.rooms values (md5('club')::uuid, 'group', 'club', md5('mal')::uuid);`,
  },
];

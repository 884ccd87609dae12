--! Title: A rule of another table compares room ids as text
--! Expect: refuse 0A000

-- Room ids become uuids, and the rule compares them with a text: nobody but its author knows what it is to say then.
create table public.chat_rooms (id text primary key, type text, title text, created_by uuid);
create table public.chat_messages (
    id bigserial primary key,
    room_id text references public.chat_rooms (id),
    sender uuid,
    content text
);
create table public.message_log (room text);
create rule forget_notes as on delete to public.message_log where exists (
    select from public.chat_messages where room_id = old.room
) do instead nothing;

insert into public.chat_rooms (id, type, title, created_by) values
    (md5('club')::uuid::text, 'group', 'Club', md5('ann')::uuid);
insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid::text, md5('ann')::uuid, 'hello');
insert into public.message_log (room) values (md5('club')::uuid::text);

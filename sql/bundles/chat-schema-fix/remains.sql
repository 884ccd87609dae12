-- What the fix leaves in an empty database, as Postgres prints it: tables and keys, indexes, triggers, privileges, publication.
-- Roles that are not named here have no privilege. A table that existed keeps its other columns; an index that does the same keeps its name.
-- Policies, functions and views follow as the sections create them.

create table chat_access.begun_rooms (
    room_id uuid not null,
    constraint begun_rooms_pkey PRIMARY KEY (room_id)
);
create table chat_quarantine.imported (
    source_table text not null,
    imported_at timestamp with time zone default now() not null,
    constraint imported_pkey PRIMARY KEY (source_table)
);
create table chat_quarantine.rows (
    id bigint generated always as identity not null,
    source_table text not null,
    reason text not null,
    row_data jsonb not null,
    quarantined_at timestamp with time zone default now() not null,
    constraint rows_pkey PRIMARY KEY (id)
);
create table public.chat_messages (
    id uuid default gen_random_uuid() not null,
    room_id uuid not null,
    sender uuid,
    content text not null,
    created_at timestamp with time zone default now(),
    updated_at timestamp with time zone default now(),
    constraint chat_messages_pkey PRIMARY KEY (id),
    constraint chat_messages_room_id_fkey FOREIGN KEY (room_id) REFERENCES public.chat_rooms(id) ON DELETE CASCADE
);
alter table public.chat_messages enable row level security;
create table public.chat_room_members (
    room_id uuid not null,
    user_id uuid not null,
    role text default 'member'::text not null,
    status text default 'pending'::text not null,
    invited_by uuid,
    created_at timestamp with time zone default now(),
    constraint chat_room_members_pkey PRIMARY KEY (room_id, user_id),
    constraint chat_room_members_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text]))),
    constraint chat_room_members_room_id_fkey FOREIGN KEY (room_id) REFERENCES public.chat_rooms(id) ON DELETE CASCADE,
    constraint chat_room_members_status_check CHECK ((status = ANY (ARRAY['approved'::text, 'pending'::text, 'blocked'::text])))
);
alter table public.chat_room_members enable row level security;
create table public.chat_rooms (
    id uuid default gen_random_uuid() not null,
    type text default 'group'::text not null,
    title text,
    created_by uuid,
    created_at timestamp with time zone default now(),
    updated_at timestamp with time zone default now(),
    constraint chat_rooms_pkey PRIMARY KEY (id),
    constraint chat_rooms_type_check CHECK ((type = ANY (ARRAY['dm'::text, 'group'::text])))
);
alter table public.chat_rooms enable row level security;
create table public.room_members (
    room_id uuid not null,
    user_id uuid not null,
    created_at timestamp with time zone default now(),
    constraint room_members_pkey PRIMARY KEY (room_id, user_id),
    constraint room_members_room_id_fkey FOREIGN KEY (room_id) REFERENCES public.chat_rooms(id) ON DELETE CASCADE
);
alter table public.room_members enable row level security;

CREATE INDEX idx_chat_messages_created ON public.chat_messages USING btree (created_at DESC);
CREATE INDEX idx_chat_messages_room_created ON public.chat_messages USING btree (room_id, created_at DESC);
CREATE INDEX idx_chat_messages_sender ON public.chat_messages USING btree (sender);
CREATE INDEX idx_chat_room_members_pending ON public.chat_room_members USING btree (room_id) WHERE (status = 'pending'::text);
CREATE INDEX idx_chat_room_members_user ON public.chat_room_members USING btree (user_id);
CREATE INDEX idx_chat_rooms_created_at ON public.chat_rooms USING btree (created_at DESC);
CREATE INDEX idx_chat_rooms_created_by ON public.chat_rooms USING btree (created_by);
CREATE INDEX idx_chat_rooms_type ON public.chat_rooms USING btree (type);
CREATE UNIQUE INDEX idx_chat_rooms_unique_group ON public.chat_rooms USING btree (created_by, md5(lower(btrim(title)))) WHERE (type = 'group'::text);
CREATE INDEX idx_room_members_user ON public.room_members USING btree (user_id);

CREATE TRIGGER chat_messages_need_a_sender AFTER INSERT ON public.chat_messages FOR EACH ROW WHEN ((new.sender IS NULL)) EXECUTE FUNCTION public.refuse_message_of_nobody();
CREATE TRIGGER chat_room_members_creator BEFORE INSERT ON public.chat_room_members FOR EACH ROW EXECUTE FUNCTION public.appoint_chat_creator();
CREATE TRIGGER chat_room_members_guard BEFORE INSERT OR DELETE OR UPDATE ON public.chat_room_members FOR EACH ROW WHEN (row_security_active('public.chat_room_members'::text)) EXECUTE FUNCTION public.guard_chat_room_member();

grant usage on schema chat_access to authenticated;
grant select on table chat_access.my_new_groups to authenticated;
grant select on table chat_access.my_rooms to authenticated;
grant delete, insert, references, select, trigger, truncate, update on table public.chat_messages to service_role;
grant delete, select, update on table public.chat_messages to authenticated;
grant insert (room_id, sender, content) on table public.chat_messages to authenticated;
grant delete, insert, references, select, trigger, truncate, update on table public.chat_room_members to service_role;
grant delete, select, update on table public.chat_room_members to authenticated;
grant insert (room_id, user_id, role, status, invited_by) on table public.chat_room_members to authenticated;
grant delete, insert, references, select, trigger, truncate, update on table public.chat_rooms to service_role;
grant delete, select, update on table public.chat_rooms to authenticated;
grant insert (type, title, created_by) on table public.chat_rooms to authenticated;
grant delete, insert, references, select, trigger, truncate, update on table public.room_members to service_role;
grant delete, select, update on table public.room_members to authenticated;
grant insert (room_id, user_id) on table public.room_members to authenticated;

grant execute on function public.chat_room_is_unused(uuid) to authenticated, service_role;
grant execute on function public.create_group_room(uuid,boolean,uuid[],text) to authenticated, service_role;
grant execute on function public.ensure_direct_conversation(uuid,uuid) to authenticated, service_role;
grant execute on function public.open_or_create_dm(uuid) to authenticated, service_role;
grant execute on function public.user_is_group_admin(uuid) to authenticated, service_role;
grant execute on function public.user_is_group_member(uuid) to authenticated, service_role;
grant execute on function public.user_is_in_room(uuid) to authenticated, service_role;
grant execute on function public.user_is_room_member(uuid) to authenticated, service_role;

alter publication supabase_realtime add table public.chat_messages;

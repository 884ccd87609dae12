/** Functions of older generations under the names of today, and what depends on them. */
import type { Surrounding } from './surroundings.js';

/** Entries about one function exclude one another. */
type Entry = readonly [about: string, name: string, sql: string];

const helpers: readonly Entry[] = [
  [
    'user_is_in_room',
    'a helper that calls its argument otherwise',
    `create function public.user_is_in_room(room uuid) returns boolean
language sql stable as $$ select true $$;`,
  ],
  [
    'user_is_room_member',
    'a helper that returns a number',
    'create function public.user_is_room_member(room uuid) returns integer language sql stable as $$ select 1 $$;',
  ],
  [
    'user_is_group_admin',
    'a helper with a second argument that may be left out',
    `create function public.user_is_group_admin(p_room_id uuid, p_user_id uuid default null) returns boolean
language sql stable security definer as $$ select true $$;`,
  ],
  [
    'user_is_group_member',
    'a helper that takes text',
    'create function public.user_is_group_member(r text) returns boolean language sql immutable as $$ select true $$;',
  ],
  [
    'user_is_group_member',
    "a helper that another table's policy calls",
    `create function public.user_is_group_member(the_room uuid) returns boolean language sql stable as $$ select false $$;
create table public.photos (id integer primary key, room_id uuid not null);
alter table public.photos enable row level security;
create policy photos_of_my_groups on public.photos to authenticated using (public.user_is_group_member(room_id));`,
  ],
  [
    'user_is_group_admin',
    'a helper that returns another type, and a view that calls it',
    `create function public.user_is_group_admin(room uuid) returns text language sql stable as $$ select 'yes'::text $$;
create view public.my_rights as select id, public.user_is_group_admin(id) as is_admin from auth.users;`,
  ],
];

const application: readonly Entry[] = [
  [
    'ensure_direct_conversation',
    'ensure_direct_conversation that returns a bare id',
    `create function public.ensure_direct_conversation(me uuid, partner uuid) returns uuid
language sql security definer as $$ select me $$;`,
  ],
  [
    'ensure_direct_conversation',
    'ensure_direct_conversation of one argument, beside one that returns two columns',
    `create function public.ensure_direct_conversation(other_user uuid) returns uuid
language sql security definer as $$ select other_user $$;
create function public.ensure_direct_conversation(me uuid, partner uuid) returns table (room_id uuid, room_slug text)
language sql security definer as $$ select me, 'slug'::text $$;`,
  ],
  [
    'open_or_create_dm',
    'open_or_create_dm twice, one with a default',
    `create function public.open_or_create_dm(partner uuid) returns table (room_id uuid)
language sql security definer as $$ select partner $$;
create function public.open_or_create_dm(partner uuid, create_missing boolean) returns json
language sql security definer as $$ select json_build_object('id', partner) $$;`,
  ],
  [
    'open_or_create_dm',
    'open_or_create_dm as the default of a column',
    `create function public.open_or_create_dm(other_user uuid) returns uuid language sql stable as $$ select other_user $$;
create table public.threads (
    id integer primary key,
    room_id uuid default public.open_or_create_dm('00000000-0000-0000-0000-000000000000')
);`,
  ],
  [
    'create_group_room',
    'create_group_room with its arguments in other orders',
    `create function public.create_group_room(p_creator uuid, p_name text, p_member_ids uuid[], p_is_private boolean default false)
returns uuid language sql security definer as $$ select p_creator $$;
create function public.create_group_room(p_name text, p_creator uuid, p_member_ids uuid[]) returns uuid
language sql security definer as $$ select p_creator $$;`,
  ],
  [
    'create_group_room',
    'create_group_room with other argument names, and a procedure of its name',
    `create function public.create_group_room(creator uuid, is_private boolean, member_ids uuid[], name text) returns void
language sql security definer as $$ select $$;
create procedure public.create_group_room(p_name text) language sql as $$ select $$;`,
  ],
];

export const surroundingFunctions: readonly Surrounding[] = [...helpers, ...application].map(
  ([about, name, sql]) => ({ name, about, fits: () => true, sql: () => sql }),
);

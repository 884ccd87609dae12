/** Mutants of the helpers and of the functions that the application calls. */
import type { Mutant } from '../mutant.js';

export const functionMutants: readonly Mutant[] = [
  {
    name: 'what a function writes means something else',
    from: ') as wrong\n',
    to: ') as wrong\nwhere false\n',
    states: [132],
  },
  {
    name: 'a restrictive policy hides every new row',
    from: 'where not policy.is_permissive\n',
    to: 'where false\n',
    states: [133],
  },
  {
    name: 'a trigger that is told the name of a column finds none',
    from: 'or lower(column_name) = any',
    to: 'or null = any',
    states: [131],
  },
  {
    name: "helpers read with the caller's rights, and policies ask themselves",
    from: 'security definer\n',
    to: '',
    states: [2],
  },
  {
    name: 'helpers have no search path of their own',
    from: "set search_path = ''\n",
    to: '',
    states: [2],
  },
  {
    name: 'helpers are executed by anybody',
    from: 'perform schema_fix.own_function(',
    to: 'perform concat(',
    states: [2],
  },
  {
    name: 'helpers are not executed by authenticated',
    from: 'to authenticated, service_role;',
    to: 'to service_role;',
    states: [42],
  },
  {
    name: 'who waits counts as a member',
    from: "            and member.status = 'approved'\n",
    to: '',
    states: [2],
  },
  {
    name: 'who waits is in the room',
    from: "or member.status = 'approved' and room.type = 'group'",
    to: "or member.status <> 'blocked' and room.type = 'group'",
    states: [2],
  },
  {
    name: 'a blocked creator is in the room',
    from: "            and member.status is distinct from 'blocked'\n",
    to: '',
    states: [63],
  },
  {
    name: 'whoever made a room cannot read it',
    from: ' or room.created_by = (select public.chat_user_id()) and public.chat_room_is_unused(room.id)',
    to: '',
    states: [63, 2],
  },
  {
    name: 'every approved member is an admin',
    from: "member.role = 'admin' and member.status = 'approved'\n",
    to: "member.status = 'approved'\n",
    states: [2],
  },
  {
    name: 'whoever is signed in makes objects where policies read',
    from: 'revoke all on schema chat_access from authenticated;',
    to: '',
    states: [97],
  },
  {
    name: "a policy's caller is deceived by temporary types",
    from: 'set search_path = pg_catalog, pg_temp\n',
    to: "set search_path = ''\n",
    states: [2],
  },
  {
    name: 'an overload in the way is not made way for',
    from: "select schema_fix.free_function_name('public.open_or_create_dm(uuid)', 'uuid', '{partner}')",
    to: 'select null',
    states: [25, 26, 10],
  },
  {
    name: 'the function has another argument name',
    from: 'p_creator uuid, p_is_private boolean default false',
    to: 'p_creator uuid, is_private boolean default false',
    states: [2],
  },
  {
    name: 'triggers of the project are deceived by temporary types',
    from: '    perform chat_access.refuse_temporary_objects();\n',
    to: '',
    states: [168],
  },
  {
    name: 'triggers of the project do not find their tables',
    from: 'set search_path = public, extensions, pg_temp',
    to: "set search_path = ''",
    states: [168],
  },
  {
    name: 'create_group_room believes whoever p_creator says',
    from: `if p_creator is null
        or p_creator is distinct from public.chat_user_id()
        and coalesce(auth.role(), public.chat_user_id()::pg_catalog.text, 'service_role') <> 'service_role'
    then`,
    to: 'if p_creator is null then',
    states: [2],
  },
  {
    name: 'create_group_room takes nobody for anybody',
    from: `if p_creator is null
        or p_creator is distinct from public.chat_user_id()
        and coalesce(auth.role(), public.chat_user_id()::pg_catalog.text, 'service_role') <> 'service_role'
    then`,
    to: "if p_creator is null or p_creator <> public.chat_user_id() and coalesce(auth.role(), public.chat_user_id()::pg_catalog.text, 'service_role') <> 'service_role' then",
    states: [2],
  },
  {
    name: 'create_group_room makes its creator a plain member',
    from: "values (new_room_id, p_creator, 'admin', 'approved', p_creator)",
    to: "values (new_room_id, p_creator, 'member', 'approved', p_creator)",
    states: [2],
  },
  {
    name: 'create_group_room lets members wait',
    from: "select distinct new_room_id, invited.user_id, 'member', 'approved', p_creator",
    to: "select distinct new_room_id, invited.user_id, 'member', 'pending', p_creator",
    states: [2],
  },
  {
    name: 'the duplicate error has other words',
    from: "        ) then\n            raise exception 'duplicate: a group with this name already exists'",
    to: "        ) then\n            raise exception 'a group with this name already exists'",
    states: [2],
  },
  {
    name: 'ensure_direct_conversation acts for another',
    from: `if me is null
        or me is distinct from public.chat_user_id()
        and coalesce(auth.role(), public.chat_user_id()::pg_catalog.text, 'service_role') <> 'service_role'
    then`,
    to: 'if me is null then',
    states: [2],
  },
  {
    name: "a conversation with a third person in it is taken for the pair's",
    from: 'where third.room_id = mine.room_id and third.user_id not in (me, partner)',
    to: 'where false and third.room_id = mine.room_id and third.user_id not in (me, partner)',
    states: [63],
  },
  {
    name: 'every call opens another conversation',
    from: "join public.chat_rooms as room on room.id = mine.room_id and room.type = 'dm'",
    to: "join public.chat_rooms as room on room.id = mine.room_id and room.type = 'direct'",
    states: [2],
  },
  {
    name: "the application's functions are executed by visitors",
    from: "select schema_fix.own_function('public.open_or_create_dm(uuid)', '{authenticated,service_role}')",
    to: 'select null',
    states: [2],
  },
  {
    name: 'created_by counts in a room that others use',
    from: ' and public.chat_room_is_unused(room.id)',
    to: '',
    states: [2],
  },
  {
    name: 'created_by makes an admin in a group that others use',
    from: ' and public.chat_room_is_unused(room.id)',
    to: '',
    states: [2],
  },
  {
    name: 'a group is created with any number of members',
    from: 'pg_catalog.cardinality(p_member_ids) > 1000',
    to: 'pg_catalog.cardinality(p_member_ids) > 1000000',
    states: [2],
  },
  {
    name: 'a name lets its two into what others wrote',
    from: 'and (message.sender in (me, partner)) is not true',
    to: 'and false',
    states: [2],
  },
  {
    name: "the application's functions read with the caller's rights",
    from: 'returns table (output_room_id uuid)\nlanguage plpgsql\nsecurity definer',
    to: 'returns table (output_room_id uuid)\nlanguage plpgsql',
    states: [2],
  },
];

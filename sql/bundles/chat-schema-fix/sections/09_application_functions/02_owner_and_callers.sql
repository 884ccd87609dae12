--! Title: Who owns and who calls them
--! Remains: who may execute the application's functions

-- They write as their owner, to whom row level security does not apply: the one who runs the fix, also where an older function
-- was replaced.
alter function public.create_group_room(uuid, boolean, uuid[], text) owner to current_user;
alter function public.ensure_direct_conversation(uuid, uuid) owner to current_user;
alter function public.open_or_create_dm(uuid) owner to current_user;

-- Only who is signed in makes rooms.
select schema_fix.revoke_from_others(
    'public.create_group_room(uuid, boolean, uuid[], text)'::regprocedure, '{authenticated,service_role}'
);
select schema_fix.revoke_from_others(
    'public.ensure_direct_conversation(uuid, uuid)'::regprocedure, '{authenticated,service_role}'
);
-- mutant: the application's functions are executed by visitors
select schema_fix.revoke_from_others('public.open_or_create_dm(uuid)'::regprocedure, '{authenticated,service_role}');
grant execute
on function
    public.create_group_room(uuid, boolean, uuid[], text),
    public.ensure_direct_conversation(uuid, uuid),
    public.open_or_create_dm(uuid)
to authenticated, service_role;

-- What was renamed only because old policies called it.
select schema_fix.drop_renamed_functions();

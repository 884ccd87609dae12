--! Title: Owner and callers
--! Remains: the privilege of authenticated and service_role to execute these functions

-- They write as their owner, to whom row level security does not apply. A function that was replaced has kept its owner so far.
alter function public.create_group_room(uuid, boolean, uuid[], text) owner to current_user;
alter function public.ensure_direct_conversation(uuid, uuid) owner to current_user;
alter function public.open_or_create_dm(uuid) owner to current_user;

-- Only a signed-in user creates rooms.
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

-- Drops what sections 05 and 09 renamed only because old policies depended on it.
select schema_fix.drop_renamed_functions();

--! Title: Test helper function

-- No room has this id, and whoever asks here is nobody's member.
select
    'public.user_is_in_room(''00000000-0000-0000-0000-000000000000'')' as object,
    'false' as expected,
    public.user_is_in_room('00000000-0000-0000-0000-000000000000')::text as actual,
    not public.user_is_in_room('00000000-0000-0000-0000-000000000000') as pass;

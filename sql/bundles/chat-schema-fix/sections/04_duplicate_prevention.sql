--! Title: Duplicate prevention
--! Needs: 03

-- Gives the groups of one creator different names: renames duplicates, and makes new ones impossible. Names that differ only in capitals or
-- outer blanks are the same; create_group_room compares them in the same way. Any number of groups may have no name.

-- The oldest group keeps the name; later ones get a number, because merging them would show one group's messages to the other's members.
-- Numbers that would give a name already taken are skipped. Groups without a name or a creator are renamed as well, but only by the first
-- run: later ones may have no name, or lose their creator with the account.
create view schema_fix.groups_to_rename as
with named as (
    select
        room.id,
        room.name,
        shared.name as shared_name,
        count(*) over (partition by shared.name) as copies,
        row_number() over (partition by shared.name order by room.created_at, room.id) as place
    from (
        select id, created_by, created_at, coalesce(nullif(btrim(title), ''), 'Group') as name
        from public.chat_rooms
        where type = 'group'
            and (
                created_by is not null and title is not null
                -- mutant: groups without a name are left as they are
                or not exists (select from chat_quarantine.imported where source_table = 'names of groups')
            )
    ) as room
    -- mutant: names that differ by case are taken for different
    cross join lateral concat(room.created_by, ' ', lower(room.name)) as shared (name)
),
taken as (
    select concat(created_by, ' ', lower(btrim(title))) as name
    from public.chat_rooms
    where type = 'group'
        and btrim(title) ~ ' \(\d+\)$'
),
taken_numbers as (
    select regexp_replace(name, ' \(\d+\)$', '') as shared_name, count(*) as copies
    from taken
    group by 1
),
numbers as (
    select
        shared.shared_name,
        number,
        -- mutant: groups are renamed again by every run
        row_number() over (partition by shared.shared_name order by number) + 1 as place
    from (select distinct shared_name, copies from named where copies > 1) as shared
    left join taken_numbers using (shared_name)
    cross join lateral generate_series(2, shared.copies + coalesce(taken_numbers.copies, 0)) as number
    where not exists (select from taken where taken.name = concat(shared.shared_name, ' (', number, ')'))
)
select named.id, concat(named.name, ' (', numbers.number, ')') as title
from named
join numbers using (shared_name, place);

-- With a default that gives every room the same title, the second group of a creator would be refused. Section 01 asked about one that is
-- not empty.
do $$
begin
    if exists (
        select
        from pg_attribute as attribute
        join pg_attrdef as given
            on given.adrelid = attribute.attrelid
            and given.adnum = attribute.attnum
        where attribute.attrelid = 'public.chat_rooms'::regclass
            and attribute.attname = 'title'
            and pg_get_expr(given.adbin, given.adrelid) ~ '^''.*''(::text)?$'
    ) then
        alter table public.chat_rooms alter column title drop default;
        raise notice 'public.chat_rooms.title: the default dropped; one creator has one group of a name';
    end if;
end
$$;

do $$
begin
    -- mutant: groups of one name are merged instead of renamed
    if exists (select from schema_fix.groups_to_rename) then
        raise notice 'public.chat_rooms: % groups renamed; their creator has another group of that name', schema_fix.update_rooms(
            -- mutant: later groups of a name are deleted
            'update public.chat_rooms as room set title = other.title from schema_fix.groups_to_rename as other where other.id = room.id'
        );
    end if;
    insert into chat_quarantine.imported (source_table) values ('names of groups') on conflict do nothing;
end
$$;
drop view schema_fix.groups_to_rename;

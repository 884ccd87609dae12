--! Title: Duplicate prevention
--! Needs: 03

-- Gives the groups of one creator different names: renames duplicates, and makes new ones impossible. Names that differ only in capitals or
-- outer blanks are the same; create_group_room compares them in the same way. Any number of groups may have no name.

-- The oldest group keeps the name; later ones get a number, because merging them would show one group's messages to the other's members.
-- Numbers that would give a name already taken are skipped. Where a check on titles or their former type forbids `Lunch (2)`, it is `Lunch-2`
-- or the like, shortened to what fits: a check that every row satisfies stays. Groups without a name or a creator are renamed as well, but only by the first
-- run, since later ones may have no name, or lose their creator with the account; and not where what is made of the title is unique, a slug:
-- groups of other creators get the same.
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
                and not exists (
                    select
                    from pg_index
                    join pg_attrdef as made
                        on made.adrelid = indrelid
                        and made.adnum = any (indkey::smallint[])
                        and pg_get_expr(made.adbin, made.adrelid) ~ '\mtitle\M'
                    where indrelid = 'public.chat_rooms'::regclass
                        and indisunique
                )
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
select named.id, named.name, numbers.number, concat(named.name, ' (', numbers.number, ')') as title
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

-- Whether checks and former types allow a title to a room.
create function schema_fix.allows_title(room_id uuid, title text) returns boolean
language plpgsql
as $$
declare
    is_allowed boolean;
begin
    execute format(
        'select %s from (select %s, $2 as title from public.chat_rooms where id = $1) as chat_rooms',
        (
            select coalesce(string_agg(format('(%s) is not false', rule.condition), ' and '), 'true')
            from (
                select expression as condition from schema_fix.title_checks
                union all
                select condition from schema_fix.limits where target = 'public.chat_rooms'::regclass and column_name = 'title'
            ) as rule
        ),
        (
            select string_agg(quote_ident(attname), ', ' order by attnum)
            from pg_attribute
            where attrelid = 'public.chat_rooms'::regclass
                and attnum > 0
                and not attisdropped
                and attname <> 'title'
        )
    )
    into is_allowed
    using room_id, title;
    return is_allowed;
exception
    -- A domain raises it.
    when integrity_constraint_violation or data_exception then
        return false;
end
$$;

-- The titles that groups have or are about to get, by their creator: looked up for every candidate, and thousands may have one name.
create table schema_fix.taken_titles (digest text primary key);
create function schema_fix.digest_of(creator uuid, title text) returns text
language sql
immutable
as $$
    select md5(concat(creator, ' ', lower(btrim(title))))
$$;

-- The nearest title that is allowed to a group, and that no group of its creator has or is about to get; null where there is none.
create function schema_fix.nearest_title(room_id uuid, creator uuid, name text, first_number bigint) returns text
language plpgsql
as $$
declare
    candidate text;
begin
    for candidate in
        select left(base.name, greatest(length(base.name) - shortened, 1)) || replace(forms.form, 'n', number::text)
        from unnest(array[name, lower(name)]) with ordinality as base (name, place)
        cross join generate_series(0, 12) as shortened
        cross join unnest('{" (n)",-n,_n," n",n}'::text[]) with ordinality as forms (form, place)
        cross join generate_series(first_number, first_number + 9) as number
        order by base.place, shortened, forms.place, number
    loop
        if not exists (select from schema_fix.taken_titles as taken where taken.digest = schema_fix.digest_of(creator, candidate))
            and schema_fix.allows_title(room_id, candidate)
        then
            return candidate;
        end if;
    end loop;
    return null;
end
$$;

do $$
declare
    renamed record;
begin
    -- With a key: a publication for all tables forbids updates of a table without one.
    create table schema_fix.renamed_groups (id uuid primary key, name text not null, number bigint not null, title text);
    insert into schema_fix.renamed_groups table schema_fix.groups_to_rename;
    insert into schema_fix.taken_titles
    select schema_fix.digest_of(room.created_by, room.title)
    from public.chat_rooms as room
    where exists (select from schema_fix.renamed_groups)
    union
    select schema_fix.digest_of(room.created_by, found.title)
    from schema_fix.renamed_groups as found
    join public.chat_rooms as room using (id);
    for renamed in
        select found.*, room.created_by
        from schema_fix.renamed_groups as found
        join public.chat_rooms as room using (id)
        where (exists (select from schema_fix.title_checks) or exists (select from schema_fix.limits))
            and not schema_fix.allows_title(found.id, found.title)
    loop
        renamed.title := schema_fix.nearest_title(renamed.id, renamed.created_by, renamed.name, renamed.number);
        update schema_fix.renamed_groups as found set title = renamed.title where found.id = renamed.id;
        insert into schema_fix.taken_titles values (schema_fix.digest_of(renamed.created_by, renamed.title)) on conflict do nothing;
    end loop;
    if exists (select from schema_fix.renamed_groups where title is null) then
        raise exception
            '% groups have a creator with another group of the same title, and the checks on titles (%) allow none like it',
            (select count(*) from schema_fix.renamed_groups where title is null),
            (select string_agg(format('public.chat_rooms.%s', rule.name), ', ' order by rule.name) from schema_fix.title_checks as rule)
            using
                errcode = 'feature_not_supported',
                hint = 'Rename the groups; then run the fix again.';
    end if;
    -- mutant: groups of one name are merged instead of renamed
    if exists (select from schema_fix.renamed_groups) then
        raise notice 'public.chat_rooms: % groups renamed; their creator has another group of that name', schema_fix.update_rooms(
            -- mutant: later groups of a name are deleted
            'update public.chat_rooms as room set title = other.title from schema_fix.renamed_groups as other where other.id = room.id'
        );
    end if;
    insert into chat_quarantine.imported (source_table) values ('names of groups') on conflict do nothing;
    drop table schema_fix.renamed_groups;
end
$$;
drop view schema_fix.groups_to_rename;

--! Title: Tools that read the status of a membership

-- Whether a column holds a value, as it is written as text.
create function schema_fix.is_written(target regclass, column_name name, word text) returns boolean
language plpgsql
stable
as $$
declare
    found boolean;
begin
    execute format('select exists (select from %s where %I::text = $1)', target, column_name) into found using word;
    return found;
end
$$;

-- The bodies of functions that name a table of memberships.
create view schema_fix.bodies_about_members as
select member.table_id, routine.prosrc as said
from schema_fix.present_tables as member
join pg_proc as routine
    on routine.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'schema_fix'::regnamespace)
    and routine.prosrc ~* ('\m' || member.table_name || '\M')
where member.holds = 'members';

-- Booleans and times of memberships that say who is approved or blocked and that an old policy or a function looks at, as they are
-- before section 07 drops the policies.
create table schema_fix.flags_asked as
with
-- Read once, not again for each flag.
expressions as materialized (
    select distinct concat_ws(' ', using_expression, check_expression) as said
    from schema_fix.present_policies
),
bodies as materialized (table schema_fix.bodies_about_members)
select distinct member.table_id as target, flag.known_as
from schema_fix.present_tables as member
cross join schema_fix.flags as flag
where member.holds = 'members'
    and flag.column_name = 'status'
    and (
        exists (select from expressions where said ~* ('\m' || flag.known_as || '\M'))
        or exists (select from bodies where bodies.table_id = member.table_id and said ~* ('\m' || flag.known_as || '\M'))
    );

-- An expression that reads what columns without a word say of a membership: blocked, pending, or null. Where there is a word beside
-- them, a column that says who was admitted may never have been filled: it counts if it says no, and yes to somebody, or if the old rules
-- looked at it.
create function schema_fix.flag_of(target regclass) returns text
language sql
stable
as $$
    select format(
        'case when %s then ''blocked'' when %s then ''pending'' end',
        coalesce(string_agg(said.yes, ' or ') filter (where said.means = 'blocked'), 'false'),
        coalesce(
            string_agg(
                case
                    when said.means = 'pending' then said.yes
                    when not said.has_word or said.is_asked then format('(%s) is not true', said.yes)
                    else format('%I is false', said.name)
                end,
                ' or '
            ) filter (where said.means = 'pending' or said.means = 'approved' and (not said.has_word or said.is_asked or said.is_used)),
            'false'
        )
    )
    from (
        select
            flag.means,
            attribute.attname as name,
            format(
                case type.typcategory
                    when 'B' then '%I is true'
                    when 'D' then '%I is not null'
                    when 'N' then '%I <> 0'
                    else 'lower(btrim(%I::text)) not in ('''', ''false'', ''f'', ''no'', ''0'')'
                end,
                attribute.attname
            ) as yes,
            schema_fix.columns_for(target, 'status') <> '{}' as has_word,
            exists (
                select
                from schema_fix.flags_asked as asked
                where asked.target = flag_of.target
                    and lower(replace(asked.known_as, '_', '')) = lower(replace(attribute.attname, '_', ''))
            ) as is_asked,
            type.typcategory = 'B' and schema_fix.is_written(target, attribute.attname, 'true') as is_used
        from (select distinct means from schema_fix.flags where column_name = 'status') as flag
        cross join lateral unnest(schema_fix.flags_for(target, 'status', flag.means)) as found (name)
        join pg_attribute as attribute
            on attribute.attrelid = target
            and attribute.attname = found.name
        join pg_type as type
            on type.oid = attribute.atttypid
            and type.typcategory in ('B', 'D', 'N', 'S')
    ) as said
$$;

-- An expression that reads a membership's status: its word, and what other columns say; of two that contradict each other the one that
-- lets in less. Where nothing says anything, everybody was a member. Who left may ask again.
create function schema_fix.status_of(target regclass) returns text
language sql
stable
as $$
    select case
        when words[1] is not null then format(
            'case
                when %2$s = ''blocked'' then ''blocked''
                when %1$I::text = ''approved'' and %2$s is null then ''approved''
                else coalesce((select means from schema_fix.words'
                ' where column_name = ''status'' and means = ''blocked'' and word = lower(btrim(%1$I::text))), ''pending'')
            end',
            words[1], schema_fix.flag_of(target)
        )
        else format('coalesce(%s, ''approved'')', schema_fix.flag_of(target))
    end
    from schema_fix.columns_for(target, 'status') as words
$$;

-- The columns that say by a boolean or a time who waits, where no word does, and whether a new row is let in by its default.
create function schema_fix.flags_that_wait(target regclass) returns table (name name, lets_in boolean)
language sql
stable
as $$
    select
        found.name,
        -- mutant: whoever has to be admitted is in by a boolean
        flag.means = 'approved' and coalesce(
            case type.typcategory
                when 'B' then pg_get_expr(given.adbin, given.adrelid) = 'true'
                when 'D' then pg_get_expr(given.adbin, given.adrelid) !~* '^null'
            end,
            false
        )
    from (select means, array_agg(known_as) as names from schema_fix.flags where column_name = 'status' and may_wait group by means) as flag
    cross join lateral unnest(schema_fix.columns_named(target, flag.names)) as found (name)
    join pg_attribute as attribute
        on attribute.attrelid = target
        and attribute.attname = found.name
    join pg_type as type
        on type.oid = attribute.atttypid
    left join pg_attrdef as given
        on given.adrelid = target
        and given.adnum = attribute.attnum
    where schema_fix.columns_for(target, 'status') = '{}'
$$;

-- The status of a membership that names none. Where there is no status, whoever has a row is in, unless another column says that they wait: so is
-- whoever an admin adds, or the server.
create function schema_fix.default_status(target regclass) returns text
language sql
stable
as $$
    select case
        when schema_fix.columns_for(target, 'status') = '{}' and not exists (
            select from schema_fix.flags_that_wait(target) as flag where not flag.lets_in
        )
        then 'approved'
        else 'pending'
    end
$$;

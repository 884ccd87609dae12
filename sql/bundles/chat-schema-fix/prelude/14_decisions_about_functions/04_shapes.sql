--! Title: What has to be decided about functions that know the shape of a table

-- The tables to which the fix adds columns, or which keep one under a former name besides.
create view schema_fix.tables_that_grow as
select present.table_id, present.table_name, string_agg(wanted.column_name, ', ' order by wanted.place) as columns
from schema_fix.present_tables as present
join schema_fix.columns as wanted
    on wanted.table_name = present.table_name
where not schema_fix.has_column(present.table_id, wanted.column_name)
group by present.table_id, present.table_name;

create view schema_fix.decisions_about_shapes (name, problem, may_be_acknowledged) as
-- Functions that copy whole rows into another table, or return them as a list of columns: there would be one too many.
select
    used.function_id::text,
    format(
        'the function %s hands on whole rows of %s, which gets further columns (%s): name the columns in it',
        used.function_id, grown.table_id, grown.columns
    ),
    true
from schema_fix.tables_that_grow as grown
cross join schema_fix.functions_in_use as used
join pg_proc as routine
    on routine.oid = used.called_id
    and routine.prosqlbody is null
where not schema_fix.was_applied()
    and (
        used.source ~ schema_fix.table_after('from|join', grown.table_name)
        or exists (select from pg_trigger where tgrelid = grown.table_id and tgfoid = routine.oid and not tgisinternal)
    )
    and (
        used.source ~ 'insert\s+into\s+[^;]*(select|,|values\s*\(|distinct|all)\s*\(?(\w+\.)?\*'
        or routine.proargmodes && '{t,o}'::"char"[] and used.source ~ '(select|,|distinct|all)\s*(\w+\.)?\*'
    )
group by used.function_id, grown.table_id, grown.columns
union all
-- Functions that make a whole row of the table of a list of columns: there would be too few.
select
    used.function_id::text,
    format(
        'the function %s makes rows of %s of a list of columns, which gets further ones (%s), and would fail: let it return whole rows, select alias.*',
        used.function_id, grown.table_id, grown.columns
    ),
    true
from schema_fix.tables_that_grow as grown
join pg_class as relation
    on relation.oid = grown.table_id
cross join schema_fix.functions_in_use as used
join pg_proc as routine
    on routine.oid = used.called_id
join pg_language as language
    on language.oid = routine.prolang
cross join lateral regexp_replace(used.source, '\s+', ' ', 'g') as line (source)
-- mutant: a row that a function makes of a list of columns has too few
where (
        line.source ~ format('\) ?:: ?"?(public"?\."?)?%s"?(?![\w%%])', grown.table_name)
        or line.source ~ format('\mcast ?\( ?row ?\([^;]* as "?(public"?\."?)?%s"? ?\)', grown.table_name)
        or routine.prorettype in (relation.reltype, (select typarray from pg_type where oid = relation.reltype))
            and schema_fix.outside_brackets(line.source, 0)
                ~ (case language.lanname when 'sql' then '' else '\mreturn query ([^;]* )?' end || '\mselect [^;*]*,[^;*]* from ')
    )
    and not schema_fix.was_applied()
group by used.function_id, grown.table_id, grown.columns
union all
-- Functions that name a constraint which the fix replaces by its own key.
select
    used.function_id::text,
    format(
        'the function %s names the constraint %I of %s, which the fix may replace: name its columns instead',
        used.function_id, rule.conname, rule.conrelid::regclass
    ),
    true
from pg_constraint as rule
join schema_fix.present_tables as present
    on present.table_id = rule.conrelid
    and present.generation = 'current'
join schema_fix.functions_in_use as used
    on used.source ~ format('\mon\s+constraint\s+"?%s\M', lower(rule.conname))
where rule.contype in ('u', 'p', 'x')
    and not schema_fix.was_applied()
    and not (
        rule.contype = 'p'
        and pg_get_constraintdef(rule.oid) in ('PRIMARY KEY (id)', 'PRIMARY KEY (room_id, user_id)')
    )
group by used.function_id, rule.conname, rule.conrelid
union all
-- Functions that use a name of their own, or of another table, beside a table that gets a column of this name: it would mean two things.
select
    used.function_id::text,
    format(
        'the function %s says %s, which is no column of %s today and will be one: write before it what it belongs to',
        used.function_id, string_agg(distinct wanted.column_name, ', '), grown.table_id
    ),
    true
from schema_fix.tables_that_grow as grown
join schema_fix.columns as wanted
    on wanted.table_name = grown.table_name
    and not schema_fix.has_column(grown.table_id, wanted.column_name)
join schema_fix.functions_in_use as used
    -- In one statement. An argument that is passed or a column that is written by its name is no name that could mean two things, nor is
    -- the type of a column.
    on exists (
        select
        from regexp_split_to_table(
            regexp_replace(
                used.source,
                '(insert\s+into\s+[^(;]*\([^)]*\)|\mset\s+(local\s+|session\s+)?\w+|\mas\s+"?\w+"?|%type\M|"?\w+"?\s*(=>|:=))', ' ', 'g'
            ),
            ';'
        ) as statement (text)
        where statement.text ~ schema_fix.table_after('from|join', grown.table_name)
            and statement.text ~ format('(^|[^.[:alnum:]_"])"?%s"?(?![[:alnum:]_"]|\s*\.)', wanted.column_name)
    )
join pg_proc as routine
    on routine.oid = used.called_id
    and routine.prosqlbody is null
where not schema_fix.was_applied()
group by used.function_id, grown.table_id;

--! Title: What has to be decided where no member is an account

-- The accounts as far as the deployer sees them: what stands after `from`.
create function schema_fix.accounts_seen() returns text
language sql
stable
return case
    when has_schema_privilege(to_regnamespace('auth'), 'usage') and has_column_privilege(to_regclass('auth.users'), 'id', 'select') then 'auth.users'
    else '(select null::uuid as id where false)'
end;

-- The tables of members of whom none is an account. `are_seen` says whether there is any account.
create function schema_fix.members_without_account() returns table (source text, counted bigint, are_seen boolean)
language plpgsql
stable
as $$
begin
    return query execute format(
        'select member.source, count(*), exists (select from %1$s as account)
         from schema_fix.legacy_members as member
         where member.user_id is not null
         group by member.source
         having not exists (
             select
             from %1$s as account
             where account.id in (select other.user_id from schema_fix.legacy_members as other where other.source = member.source)
         )',
        schema_fix.accounts_seen()
    );
end
$$;

-- Whether a column holds ids of members, in rows of which another column, if one is given, holds an account.
create function schema_fix.holds_members(target regclass, key_column name, account_column name, members text) returns boolean
language plpgsql
stable
as $$
declare
    found boolean;
begin
    execute format(
        'select exists (
            select
            from %s as person
            join schema_fix.legacy_members as member
                on member.source = %L
                and member.user_id = person.%I
            where %s
        )',
        target, members, key_column,
        case
            when account_column is null then 'true'
            else format('person.%I in (select account.id from %s as account)', account_column, schema_fix.accounts_seen())
        end
    ) into found;
    return found;
end
$$;

-- Columns beside the chat's tables of which each value is one row's: the ids of people, maybe.
create view schema_fix.ids_of_others as
select relation.oid::regclass as table_id, key.attname as name
from pg_class as relation
join pg_attribute as key
    on key.attrelid = relation.oid
    and key.attnum > 0
    and not key.attisdropped
    and key.atttypid = 'uuid'::regtype
where relation.relnamespace = 'public'::regnamespace
    and relation.relkind in ('r', 'p')
    and relation.oid not in (select table_id from schema_fix.present_tables)
    and has_table_privilege(relation.oid, 'select')
    and exists (
        select
        from pg_index
        where indrelid = relation.oid
            and indisunique
            and indnkeyatts = 1
            and indkey[0] = key.attnum
    );

create view schema_fix.decisions_about_people_of_another_table (name, problem, may_be_acknowledged) as
select
    format('%s.%I', without.source, named.name),
    format(
        'none of %s memberships in %s is of an account, and nobody could be recognised by %I: it holds ids %s: write the ids of accounts into it%s', without.counted,
        without.source, named.name,
        case
            when profile.table_id is not null
                then format('of %s (%I), where the account is in another column, %I', profile.table_id, profile.name, profile.account)
            when own.table_id is not null
                then format(
                    'of %s, where the application keeps accounts of its own (%I); with the fix a token with that id as its subject says who asks',
                    own.table_id, own.secret
                )
            else 'that auth.users does not have'
        end,
        case when profile.table_id is null then ', or acknowledge it, if they are the subjects of tokens' end
    ),
    profile.table_id is null
from schema_fix.members_without_account() as without
cross join lateral (select (schema_fix.columns_for(without.source::regclass, 'user_id'))[1] as name) as named
-- People who are rows of another table: the values tell, without a key.
left join lateral (
    select person.table_id, person.name, account.attname as account
    from schema_fix.ids_of_others as person
    join pg_attribute as account
        on account.attrelid = person.table_id
        and account.attnum > 0
        and not account.attisdropped
        and account.attname <> person.name
        and account.atttypid = 'uuid'::regtype
    where without.are_seen
        and schema_fix.holds_members(person.table_id, person.name, account.attname, without.source)
    limit 1
) as profile
    on true
-- Accounts of the application's own, with their passwords, where no rule asks a token who comes.
left join lateral (
    select person.table_id, secret.attname as secret
    from schema_fix.ids_of_others as person
    join pg_attribute as secret
        on secret.attrelid = person.table_id
        and secret.attnum > 0
        and not secret.attisdropped
        and secret.attname ~* 'passw(or)?d|^pwd$|pass_?hash|email_?verified'
    where schema_fix.holds_members(person.table_id, person.name, null, without.source)
        and not exists (
            select
            from pg_policy
            where concat_ws(' ', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) ~ '\m(uid|jwt)\(|request\.jwt'
        )
    limit 1
) as own
    on true
-- mutant: who is known by the id of a profile is nobody from then on
-- mutant: who signs in without a token is nobody from then on
where (without.are_seen or own.table_id is not null)
    and not schema_fix.was_applied()
    -- Of a key to such a table another decision speaks.
    and not exists (
        select
        from schema_fix.keys_of_columns as key
        join schema_fix.columns_of_accounts as account
            on account.table_id = key.target
        where key.column_name = 'user_id'
            and format('public.%s', key.table_name) = without.source
    );

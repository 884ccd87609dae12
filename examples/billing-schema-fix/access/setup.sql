--! Title: What the old rows say about who belongs to which organisation

-- Every row of the tables that are there, by whatever name a column went.
create temporary table billing_rows (source text, "row" text, organisation text, person text) on commit drop;
create temporary table memberships (organisation text, person text, is_owner boolean) on commit drop;
do $$
declare
    legacy record;
begin
    for legacy in
        select name
        from pg_catalog.unnest(
            array['public.accounts', 'public.organisations', 'public.users', 'public.members', 'public.invoices']
        ) as name
        where pg_catalog.to_regclass(name) is not null
    loop
        execute pg_catalog.format(
            $rows$
                insert into pg_temp.billing_rows
                select
                    %1$L,
                    t.ctid::text,
                    coalesce(d ->> 'organisation_id', d ->> 'account_id', d ->> 'id'),
                    coalesce(d ->> 'user_id', (
                        select u.id::text from public.users as u
                        where schema_fix.email_of(u.email) = schema_fix.email_of(d ->> 'email')
                    ))
                from %1$s as t
                cross join lateral pg_catalog.to_jsonb(t) as d
            $rows$,
            legacy.name
        );
    end loop;
end
$$;

insert into pg_temp.memberships
select r.organisation, r.person, pg_catalog.bool_or(m.role = 'owner')
from pg_temp.billing_rows as r
join public.members as m on m.ctid::text = r.row
where r.source = 'public.members' and r.person is not null
group by r.organisation, r.person;

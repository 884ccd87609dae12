--! Title: An invoice has an amount, and belongs to an organisation
--! Needs: 01, 02

do $$
begin
    if schema_fix.type_of('public.invoices', 'account_id') is not null then
        alter table public.invoices rename column account_id to organisation_id;
    end if;
end
$$;

-- What nobody can read as an amount, and what belongs to nobody, is put away, complete, with the reason.
with unreadable as (
    delete from public.invoices as i
    where schema_fix.amount_of(i.amount::text) is null
        or not exists (select from public.organisations as o where o.id = i.organisation_id)
    returning *
)
insert into billing_quarantine.rows (source_table, reason, row_data)
select
    'public.invoices',
    case when schema_fix.amount_of(u.amount::text) is null then 'its amount cannot be read' else 'its organisation is gone' end,
    pg_catalog.to_jsonb(u)
from unreadable as u;

do $$
begin
    if schema_fix.type_of('public.invoices', 'amount') <> 'numeric(12,2)' then
        alter table public.invoices alter column amount type numeric(12, 2) using schema_fix.amount_of(amount::text);
    end if;
    alter table public.invoices alter column amount set not null;
    alter table public.invoices alter column organisation_id set not null;
end
$$;

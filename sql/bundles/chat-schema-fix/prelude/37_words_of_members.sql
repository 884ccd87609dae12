--! Title: Tools that keep the words of members

-- Copies to quarantine the memberships that meet a condition (on the alias `stray`) and say a role or status by another word than
-- the fix's: the word is replaced, or left behind, and nothing else would tell who was an owner or a moderator, and who had left.
create function schema_fix.keep_words_of_members(target regclass, condition text default 'true') returns void
language plpgsql
as $$
declare
    says_more constant text := (
        select string_agg(
            format('btrim(stray.%I::text) <> '''' and stray.%1$I::text <> all (%L)', found.name, fact.words), ' or '
        )
        from (values ('role', '{admin,member}'), ('status', '{approved,pending,blocked}')) as fact (column_name, words)
        cross join lateral unnest((schema_fix.columns_for(target, fact.column_name))[1:1]) as found (name)
    );
begin
    -- mutant: the words for roles and statuses are forgotten
    if says_more is not null then
        perform schema_fix.copy_to_quarantine(
            target,
            format('(%s) and (%s)', condition, says_more),
            'a copy of a membership: its role or status is another word now'
        );
    end if;
end
$$;

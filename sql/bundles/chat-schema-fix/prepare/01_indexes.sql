--! Title: Indexes of tables that keep their columns

-- Those of section 03 on tables of which no column changes its type: whatever else the fix does to them, it leaves these as they are.
select
    'public.' || present.table_name as table_name,
    wanted.index_name,
    'using btree ' || wanted.definition as definition
from schema_fix.indexes as wanted
join schema_fix.present_tables as present
    on present.table_name = wanted.table_name
where not schema_fix.has_index(present.table_id, wanted.definition || wanted.same_as)
    and not exists (
        select
        from schema_fix.columns as known
        left join pg_attribute as attribute
            on attribute.attrelid = present.table_id
            and attribute.attname = known.column_name
            and not attribute.attisdropped
        where known.table_name = present.table_name
            and case
                when attribute.attnum is null then wanted.definition ~ format('\m%s\M', known.column_name)
                else attribute.atttypid <> known.column_type
            end
    )
order by wanted.place;

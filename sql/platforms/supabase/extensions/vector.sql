--! Title: vectors are kept and compared; hnsw and ivfflat are names of plain indexes, which no search by distance uses

create type @extschema@.vector;
create function @extschema@.vector_in(cstring) returns @extschema@.vector
language internal immutable strict parallel safe as 'textin';
create function @extschema@.vector_out(@extschema@.vector) returns cstring
language internal immutable strict parallel safe as 'textout';
create type @extschema@.vector (
    input = @extschema@.vector_in,
    output = @extschema@.vector_out,
    typmod_in = pg_catalog.varchartypmodin,
    typmod_out = pg_catalog.varchartypmodout,
    storage = external
);

create type @extschema@.halfvec;
create function @extschema@.halfvec_in(cstring) returns @extschema@.halfvec
language internal immutable strict parallel safe as 'textin';
create function @extschema@.halfvec_out(@extschema@.halfvec) returns cstring
language internal immutable strict parallel safe as 'textout';
create type @extschema@.halfvec (
    input = @extschema@.halfvec_in,
    output = @extschema@.halfvec_out,
    typmod_in = pg_catalog.varchartypmodin,
    typmod_out = pg_catalog.varchartypmodout,
    storage = external
);

create type @extschema@.sparsevec;
create function @extschema@.sparsevec_in(cstring) returns @extschema@.sparsevec
language internal immutable strict parallel safe as 'textin';
create function @extschema@.sparsevec_out(@extschema@.sparsevec) returns cstring
language internal immutable strict parallel safe as 'textout';
create type @extschema@.sparsevec (
    input = @extschema@.sparsevec_in,
    output = @extschema@.sparsevec_out,
    typmod_in = pg_catalog.varchartypmodin,
    typmod_out = pg_catalog.varchartypmodout,
    storage = external
);

create access method hnsw type index handler pg_catalog.hashhandler;
create access method ivfflat type index handler pg_catalog.hashhandler;

-- The coordinates, and back.
create function @extschema@.vector_to_float8(@extschema@.vector) returns float8[]
language sql immutable strict parallel safe
as $$ select pg_catalog.translate($1::text, '[]', '{}')::float8[] $$;
create function @extschema@.vector_to_float8(@extschema@.halfvec) returns float8[]
language sql immutable strict parallel safe
as $$ select pg_catalog.translate($1::text, '[]', '{}')::float8[] $$;
create function @extschema@.float8_to_vector(float8[]) returns @extschema@.vector
language sql immutable strict parallel safe
as $$ select pg_catalog.translate($1::text, '{}', '[]')::@extschema@.vector $$;

do $$
declare
    kind text;
    array_type text;
begin
    foreach kind in array array['vector', 'halfvec'] loop
        -- A column of so many dimensions takes no other; what a length adds to the number is Postgres' own header.
        execute pg_catalog.format(
            'create function @extschema@.%1$I(@extschema@.%1$I, integer, boolean) returns @extschema@.%1$I
            language plpgsql immutable strict parallel safe
            as $body$
            declare
                dimensions constant integer := pg_catalog.cardinality(@extschema@.vector_to_float8($1));
            begin
                if $2 <> -1 and dimensions <> $2 - 4 then
                    raise exception ''expected %% dimensions, not %%'', $2 - 4, dimensions using errcode = ''data_exception'';
                end if;
                return $1;
            end
            $body$',
            kind
        );
        execute pg_catalog.format(
            'create cast (@extschema@.%1$I as @extschema@.%1$I)
            with function @extschema@.%1$I(@extschema@.%1$I, integer, boolean) as implicit',
            kind
        );
        foreach array_type in array array['integer[]', 'real[]', 'double precision[]', 'numeric[]'] loop
            execute pg_catalog.format(
                'create function @extschema@.array_to_%1$s(%2$s, integer, boolean) returns @extschema@.%1$I
                language sql immutable strict parallel safe
                as $body$
                    select @extschema@.%1$I(pg_catalog.translate($1::text, ''{}'', ''[]'')::@extschema@.%1$I, $2, $3)
                $body$',
                kind, array_type
            );
            execute pg_catalog.format(
                'create cast (%2$s as @extschema@.%1$I)
                with function @extschema@.array_to_%1$s(%2$s, integer, boolean) as assignment',
                kind, array_type
            );
        end loop;
        execute pg_catalog.format(
            'create function @extschema@.%1$s_to_float4(@extschema@.%1$I, integer, boolean) returns real[]
            language sql immutable strict parallel safe
            as $body$ select @extschema@.vector_to_float8($1)::real[] $body$',
            kind
        );
        execute pg_catalog.format(
            'create cast (@extschema@.%1$I as real[])
            with function @extschema@.%1$s_to_float4(@extschema@.%1$I, integer, boolean) as assignment',
            kind
        );

        -- What is asked of two.
        execute pg_catalog.format(
            'create function @extschema@.inner_product(@extschema@.%1$I, @extschema@.%1$I) returns float8
            language sql immutable strict parallel safe
            as $body$
                select pg_catalog.sum(a * b)
                from rows from (
                    pg_catalog.unnest(@extschema@.vector_to_float8($1)), pg_catalog.unnest(@extschema@.vector_to_float8($2))
                ) as pair (a, b)
            $body$',
            kind
        );
        execute pg_catalog.format(
            'create function @extschema@.vector_negative_inner_product(@extschema@.%1$I, @extschema@.%1$I) returns float8
            language sql immutable strict parallel safe
            as $body$ select - @extschema@.inner_product($1, $2) $body$',
            kind
        );
        execute pg_catalog.format(
            'create function @extschema@.cosine_distance(@extschema@.%1$I, @extschema@.%1$I) returns float8
            language sql immutable strict parallel safe
            as $body$
                select 1 - @extschema@.inner_product($1, $2) / nullif(
                    pg_catalog.sqrt(@extschema@.inner_product($1, $1) * @extschema@.inner_product($2, $2)), 0
                )
            $body$',
            kind
        );
        execute pg_catalog.format(
            'create function @extschema@.l2_distance(@extschema@.%1$I, @extschema@.%1$I) returns float8
            language sql immutable strict parallel safe
            as $body$
                select pg_catalog.sqrt(pg_catalog.sum((a - b) * (a - b)))
                from rows from (
                    pg_catalog.unnest(@extschema@.vector_to_float8($1)), pg_catalog.unnest(@extschema@.vector_to_float8($2))
                ) as pair (a, b)
            $body$',
            kind
        );
        execute pg_catalog.format(
            'create function @extschema@.l1_distance(@extschema@.%1$I, @extschema@.%1$I) returns float8
            language sql immutable strict parallel safe
            as $body$
                select pg_catalog.sum(pg_catalog.abs(a - b))
                from rows from (
                    pg_catalog.unnest(@extschema@.vector_to_float8($1)), pg_catalog.unnest(@extschema@.vector_to_float8($2))
                ) as pair (a, b)
            $body$',
            kind
        );
        execute pg_catalog.format(
            'create function @extschema@.vector_dims(@extschema@.%1$I) returns integer
            language sql immutable strict parallel safe
            as $body$ select pg_catalog.cardinality(@extschema@.vector_to_float8($1)) $body$',
            kind
        );
        execute pg_catalog.format(
            'create function @extschema@.l2_norm(@extschema@.%1$I) returns float8
            language sql immutable strict parallel safe
            as $body$ select pg_catalog.sqrt(@extschema@.inner_product($1, $1)) $body$',
            kind
        );
        execute pg_catalog.format(
            'create operator @extschema@.<-> (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I,
                procedure = @extschema@.l2_distance, commutator = operator(@extschema@.<->));
            create operator @extschema@.<#> (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I,
                procedure = @extschema@.vector_negative_inner_product, commutator = operator(@extschema@.<#>));
            create operator @extschema@.<=> (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I,
                procedure = @extschema@.cosine_distance, commutator = operator(@extschema@.<=>));
            create operator @extschema@.<+> (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I,
                procedure = @extschema@.l1_distance, commutator = operator(@extschema@.<+>))',
            kind
        );
    end loop;
end
$$;

create function @extschema@.vector_norm(@extschema@.vector) returns float8
language sql immutable strict parallel safe
as $$ select @extschema@.l2_norm($1) $$;
create function @extschema@.l2_normalize(@extschema@.vector) returns @extschema@.vector
language sql immutable strict parallel safe
as $$
    select @extschema@.float8_to_vector(
        pg_catalog.array_agg(a / nullif(@extschema@.l2_norm($1), 0) order by n)
    )
    from pg_catalog.unnest(@extschema@.vector_to_float8($1)) with ordinality as coordinate (a, n)
$$;
create function @extschema@.vector_add(@extschema@.vector, @extschema@.vector) returns @extschema@.vector
language sql immutable strict parallel safe
as $$
    select @extschema@.float8_to_vector(pg_catalog.array_agg(a + b order by n))
    from rows from (
        pg_catalog.unnest(@extschema@.vector_to_float8($1)), pg_catalog.unnest(@extschema@.vector_to_float8($2))
    ) with ordinality as pair (a, b, n)
$$;
create function @extschema@.vector_sub(@extschema@.vector, @extschema@.vector) returns @extschema@.vector
language sql immutable strict parallel safe
as $$
    select @extschema@.float8_to_vector(pg_catalog.array_agg(a - b order by n))
    from rows from (
        pg_catalog.unnest(@extschema@.vector_to_float8($1)), pg_catalog.unnest(@extschema@.vector_to_float8($2))
    ) with ordinality as pair (a, b, n)
$$;
create operator @extschema@.+ (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, procedure = @extschema@.vector_add,
    commutator = operator(@extschema@.+)
);
create operator @extschema@.- (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, procedure = @extschema@.vector_sub
);
create aggregate @extschema@.sum(@extschema@.vector) (sfunc = @extschema@.vector_add, stype = @extschema@.vector);
create function @extschema@.vector_mean(@extschema@.vector[]) returns @extschema@.vector
language sql immutable strict parallel safe
as $$
    select @extschema@.float8_to_vector(pg_catalog.array_agg(mean order by n))
    from (
        select n, pg_catalog.avg(a) as mean
        from
            pg_catalog.unnest($1) as v,
            pg_catalog.unnest(@extschema@.vector_to_float8(v)) with ordinality as coordinate (a, n)
        group by n
    ) as means
$$;
create aggregate @extschema@.avg(@extschema@.vector) (
    sfunc = pg_catalog.array_append, stype = @extschema@.vector[], initcond = '{}', finalfunc = @extschema@.vector_mean
);

-- Equality and order, byte by byte, for distinct, group by and unique indexes; and what indexes are made with.
do $$
declare
    kind text;
    method text;
    operator_class text;
begin
    foreach kind in array array['vector', 'halfvec', 'sparsevec'] loop
        execute pg_catalog.format(
            'create function @extschema@.%1$s_eq(@extschema@.%1$I, @extschema@.%1$I) returns boolean
                language internal immutable strict parallel safe as ''byteaeq'';
            create function @extschema@.%1$s_ne(@extschema@.%1$I, @extschema@.%1$I) returns boolean
                language internal immutable strict parallel safe as ''byteane'';
            create function @extschema@.%1$s_lt(@extschema@.%1$I, @extschema@.%1$I) returns boolean
                language internal immutable strict parallel safe as ''bytealt'';
            create function @extschema@.%1$s_le(@extschema@.%1$I, @extschema@.%1$I) returns boolean
                language internal immutable strict parallel safe as ''byteale'';
            create function @extschema@.%1$s_gt(@extschema@.%1$I, @extschema@.%1$I) returns boolean
                language internal immutable strict parallel safe as ''byteagt'';
            create function @extschema@.%1$s_ge(@extschema@.%1$I, @extschema@.%1$I) returns boolean
                language internal immutable strict parallel safe as ''byteage'';
            create function @extschema@.%1$s_cmp(@extschema@.%1$I, @extschema@.%1$I) returns integer
                language internal immutable strict parallel safe as ''byteacmp'';
            create function @extschema@.%1$s_hash(@extschema@.%1$I) returns integer
                language internal immutable strict parallel safe as ''hashvarlena'';
            create operator @extschema@.= (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I,
                procedure = @extschema@.%1$s_eq, commutator = operator(@extschema@.=), hashes, merges);
            create operator @extschema@.<> (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I,
                procedure = @extschema@.%1$s_ne, commutator = operator(@extschema@.<>), negator = operator(@extschema@.=));
            create operator @extschema@.< (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I,
                procedure = @extschema@.%1$s_lt);
            create operator @extschema@.<= (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I,
                procedure = @extschema@.%1$s_le);
            create operator @extschema@.> (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I,
                procedure = @extschema@.%1$s_gt, commutator = operator(@extschema@.<), negator = operator(@extschema@.<=));
            create operator @extschema@.>= (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I,
                procedure = @extschema@.%1$s_ge, commutator = operator(@extschema@.<=), negator = operator(@extschema@.<));
            create operator class @extschema@.%1$s_ops default for type @extschema@.%1$I using btree as
                operator 1 @extschema@.<, operator 2 @extschema@.<=, operator 3 @extschema@.=,
                operator 4 @extschema@.>=, operator 5 @extschema@.>,
                function 1 @extschema@.%1$s_cmp(@extschema@.%1$I, @extschema@.%1$I);
            create operator class @extschema@.%1$s_ops default for type @extschema@.%1$I using hash as
                operator 1 @extschema@.=, function 1 @extschema@.%1$s_hash(@extschema@.%1$I)',
            kind
        );
        foreach method in array array['hnsw', 'ivfflat'] loop
            foreach operator_class in array array['l2', 'ip', 'cosine', 'l1'] loop
                execute pg_catalog.format(
                    'create operator class @extschema@.%1$s_%2$s_ops %4$s for type @extschema@.%1$I using %3$I as
                        operator 1 @extschema@.=, function 1 @extschema@.%1$s_hash(@extschema@.%1$I)',
                    kind, operator_class, method,
                    case when kind = 'vector' and method = 'ivfflat' and operator_class = 'l2' then 'default' else '' end
                );
            end loop;
        end loop;
    end loop;
end
$$;

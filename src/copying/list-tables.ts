/** The tables of a database whose rows are copied, and the keys between them. */
import { some } from '../counted.js';
import type { Session } from '../database/with-session.js';
import { UserError } from '../errors.js';
import type { Live } from './open-live.js';

export interface LiveTable {
  readonly oid: string;
  /** `"schema"."name"`. */
  readonly name: string;
  /** Those that are copied, quoted; a generated one is made again. */
  readonly columns: readonly string[];
  readonly isHost: boolean;
}

/** What rows are chosen from: a table, or one with partitions, which hold them. */
export interface Choice {
  /** `only "schema"."name"`, or with its partitions. */
  readonly from: string;
  /** Of the primary key, quoted; empty: there is none. */
  readonly key: readonly string[];
}

export interface LiveKey {
  readonly child: string;
  /** `"schema"."name"`, which may be a table with partitions. */
  readonly parent: string;
  /** A SQL condition on the child `c` and the parent `p`. */
  readonly condition: string;
}

export interface LiveRows {
  readonly tables: readonly LiveTable[];
  readonly choices: readonly Choice[];
  readonly keys: readonly LiveKey[];
}

/** Of the host's tables only those that the project's rows are keyed to; of an account, nothing that says who it is. */
const ofAccount = ['id', 'aud', 'role', 'created_at', 'updated_at', 'is_anonymous'];

interface Row extends LiveTable {
  readonly is_partition: boolean;
  readonly key: string[];
  readonly is_readable: boolean;
  readonly is_hidden: boolean;
}

/** Throws a UserError where the role may not read all of them, which would make a copy with holes. */
export async function listRows(
  live: Live,
  hostSchemas: readonly string[],
  isWanted: (oid: string) => boolean = () => true,
): Promise<LiveRows> {
  const { session } = live;
  const { rows } = await session.query<Row>(tablesQuery, [hostSchemas, ofAccount]);
  const readable = rows.filter(
    ({ oid, isHost, is_readable, is_hidden }) => isWanted(oid) && (!isHost || (is_readable && !is_hidden)),
  );
  refuse(
    live,
    readable.filter(({ is_readable }) => !is_readable),
    'may not read',
  );
  refuse(
    live,
    readable.filter(({ is_hidden }) => is_hidden),
    'sees through row level security, and so not whole,',
  );
  const tables = readable.filter(({ columns }) => columns.length > 0);
  return {
    tables,
    choices: [
      ...tables
        .filter(({ is_partition }) => !is_partition)
        .map((table) => ({ from: `only ${table.name}`, key: table.key })),
      ...(await listPartitioned(session, hostSchemas)),
    ],
    keys: await listKeys(session),
  };
}

function refuse({ name, otherwise }: Live, tables: readonly Row[], what: string): void {
  if (tables.length === 0) return;
  const names = tables.map((table) => table.name.replaceAll('"', ''));
  throw new UserError(
    `${name} ${what} ${some(names, 5)}. Connect as a role that reads every row (the owner of the tables, where their row level security is not forced, or a member of pg_read_all_data with bypassrls), or ${otherwise}.`,
    { exitCode: 3 },
  );
}

/** Of a table `c`, as `k.columns`. */
const primaryKey = `left join lateral (
    select array_agg(quote_ident(a.attname) order by p.position) as columns
    from pg_constraint as f
    cross join lateral unnest(f.conkey) with ordinality as p (attnum, position)
    inner join pg_attribute as a on a.attrelid = c.oid and a.attnum = p.attnum
    where f.conrelid = c.oid and f.contype = 'p'
) as k on true`;

const tablesQuery = `
select
    c.oid::text as oid,
    format('%I.%I', n.nspname, c.relname) as name,
    coalesce(a.columns, '{}') as columns,
    n.nspname = any ($1) as "isHost",
    c.relispartition as is_partition,
    coalesce(k.columns, '{}') as key,
    has_schema_privilege(n.oid, 'usage')
        and (has_table_privilege(c.oid, 'select') or coalesce(a.is_readable, true)) as is_readable,
    has_schema_privilege(n.oid, 'usage') and row_security_active(c.oid) as is_hidden
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
cross join lateral (
    select
        array_agg(quote_ident(a.attname) order by a.attnum) as columns,
        bool_and(has_column_privilege(c.oid, a.attnum, 'select')) as is_readable
    from pg_attribute as a
    where
        a.attrelid = c.oid
        and a.attnum > 0
        and not a.attisdropped
        and a.attgenerated = ''
        and case
            when n.nspname <> all ($1) then true
            when n.nspname = 'auth' and c.relname = 'users' then a.attname = any ($2)
            else exists (
                select
                from pg_constraint as f
                where f.contype = 'f' and f.confrelid = c.oid and a.attnum = any (f.confkey)
            )
        end
) as a
${primaryKey}
where
    c.relkind = 'r'
    and c.relpersistence <> 't'
    and n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema'
    and not exists (
        select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    )
    and (
        n.nspname <> all ($1)
        or n.nspname = 'auth' and c.relname = 'users'
        or exists (
            select
            from pg_constraint as f
            inner join pg_class as t on t.oid = f.conrelid
            inner join pg_namespace as s on s.oid = t.relnamespace
            where f.contype = 'f' and f.confrelid = c.oid and s.nspname <> all ($1)
        )
    )
order by n.nspname = any ($1) desc, 2`;

async function listPartitioned(session: Session, hostSchemas: readonly string[]): Promise<Choice[]> {
  const { rows } = await session.query<Choice>(
    `select
         format('%I.%I', n.nspname, c.relname) as "from",
         coalesce(k.columns, '{}') as key
     from pg_class as c
     inner join pg_namespace as n on n.oid = c.relnamespace
     ${primaryKey}
     where c.relkind = 'p' and not c.relispartition and n.nspname <> all ($1)
     order by 1`,
    [hostSchemas],
  );
  return rows;
}

/** Compared by the operators that the keys themselves use, wherever these are. */
async function listKeys(session: Session): Promise<LiveKey[]> {
  const { rows } = await session.query<LiveKey>(
    `select
         f.conrelid::text as child,
         format('%I.%I', n.nspname, p.relname) as parent,
         string_agg(
             format('p.%I operator(%I.%s) c.%I', pa.attname, o.schema, o.oprname, ca.attname), ' and ' order by k.position
         ) as condition
     from pg_constraint as f
     inner join pg_class as p on p.oid = f.confrelid
     inner join pg_namespace as n on n.oid = p.relnamespace
     cross join lateral unnest(f.conkey, f.confkey, f.conpfeqop) with ordinality as k (child, parent, operator, position)
     inner join pg_attribute as ca on ca.attrelid = f.conrelid and ca.attnum = k.child
     inner join pg_attribute as pa on pa.attrelid = f.confrelid and pa.attnum = k.parent
     inner join (
         select o.oid, o.oprname, s.nspname as schema from pg_operator as o inner join pg_namespace as s on s.oid = o.oprnamespace
     ) as o on o.oid = k.operator
     where f.contype = 'f'
     group by f.oid, f.conrelid, n.nspname, p.relname
     order by 1, 2, 3`,
  );
  return rows;
}

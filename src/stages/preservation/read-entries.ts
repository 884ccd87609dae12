/** A database → what its catalogs say of each object beside what the kinds of objects tell, whatever catalogs and columns there are. */
import type { Session } from '../../database/with-session.js';

export interface CatalogEntry {
  readonly catalog: string;
  /** The object's number, and that of its part. */
  readonly key: string;
  /** As Postgres describes it, `column amount of table public.fees`. */
  readonly label: string;
  /** Column of the catalog → its value; what is null is left out. */
  readonly said: Readonly<Record<string, unknown>>;
}

/** How often this transaction has written a catalog that belongs to the whole server. */
export interface CatalogEntries {
  readonly entries: readonly CatalogEntry[];
  readonly written: ReadonlyMap<string, string>;
}

interface Catalog {
  /** Columns that are not compared: a kind of objects tells them, they follow from another, or they are no definition. */
  readonly without?: readonly string[];
  /** Whether nothing but what hangs on an object is compared: a kind of objects tells the rest. */
  readonly isTold?: boolean;
  /** What takes the place of a column. */
  readonly instead?: Readonly<Record<string, string>>;
  /** The catalog in which the object is described, and what names it there; by default itself, and `oid`. */
  readonly describes?: { readonly as: string; readonly by: string; readonly part?: string };
  readonly where?: string;
  /** Whether what comes and goes is told by a kind of objects, or by what it is a part of. */
  readonly comesAndGoes?: boolean;
}

const told: Catalog = { isTold: true, comesAndGoes: true };

/** Statistics, notes of the server's own, and what is read in another way; see the file of the kinds for the latter. */
const leftOut = [
  'pg_statistic',
  'pg_statistic_ext_data',
  'pg_largeobject',
  'pg_largeobject_metadata',
  'pg_depend',
  'pg_shdepend',
  'pg_description',
  'pg_shdescription',
  'pg_seclabel',
  'pg_shseclabel',
  'pg_init_privs',
  'pg_subscription_rel',
  'pg_auth_members',
  'pg_authid',
  'pg_db_role_setting',
  'pg_default_acl',
  'pg_aggregate',
  'pg_attrdef',
  'pg_enum',
  'pg_ts_config_map',
  'pg_user_mapping',
];

/** A catalog that is not here is compared whole, and so is a column that is not: what a new major brings is not overlooked. */
const catalogs: Readonly<Record<string, Catalog>> = {
  pg_attribute: {
    without:
      'attname atttypid attlen attcacheoff atttypmod attndims attbyval attalign attnotnull atthasdef atthasmissing attmissingval attidentity attgenerated attisdropped attislocal attinhcount attcollation attacl'.split(
        ' ',
      ),
    instead: {
      attstorage:
        'nullif(t.attstorage, (select y.typstorage from pg_catalog.pg_type as y where y.oid = t.atttypid))',
      attcompression: "nullif(t.attcompression, '')",
      attstattarget: 'nullif(t.attstattarget, -1)',
    },
    describes: { as: 'pg_class', by: 'attrelid', part: 'attnum' },
    where: 't.attnum > 0 and not t.attisdropped',
    comesAndGoes: true,
  },
  pg_class: {
    without:
      'relname relnamespace reltype relowner relfilenode relpages reltuples relallvisible relallfrozen reltoastrelid relhasindex relnatts relchecks relhasrules relhastriggers relhassubclass relrowsecurity relforcerowsecurity relreplident relispartition relrewrite relfrozenxid relminmxid relacl relpartbound'.split(
        ' ',
      ),
    instead: {
      reloptions: "case when t.relkind not in ('r', 'p', 'v', 'm', 'f') then t.reloptions end",
      // An index says it where it is defined.
      relam: "case when t.relkind not in ('i', 'I') then t.relam end",
      relpersistence: "case when t.relkind = 'S' then t.relpersistence end",
    },
    comesAndGoes: true,
  },
  pg_constraint: told,
  pg_database: {
    without: 'datname datdba datallowconn datconnlimit datfrozenxid datminmxid datacl'.split(' '),
    where: 't.datname = pg_catalog.current_database()',
    comesAndGoes: true,
  },
  pg_event_trigger: { comesAndGoes: true },
  pg_extension: { without: ['extversion'], comesAndGoes: true },
  pg_foreign_table: { describes: { as: 'pg_class', by: 'ftrelid' } },
  pg_index: {
    without:
      'indrelid indnatts indnkeyatts indisunique indnullsnotdistinct indisprimary indisexclusion indimmediate indcheckxmin indisreplident indkey indcollation indclass indoption indexprs indpred'.split(
        ' ',
      ),
    describes: { as: 'pg_class', by: 'indexrelid' },
    comesAndGoes: true,
  },
  pg_inherits: {
    without: ['inhparent'],
    describes: { as: 'pg_class', by: 'inhrelid' },
    comesAndGoes: true,
  },
  pg_partitioned_table: {
    without: ['partdefid'],
    describes: { as: 'pg_class', by: 'partrelid' },
    comesAndGoes: true,
  },
  pg_range: { describes: { as: 'pg_type', by: 'rngtypid' }, comesAndGoes: true },
  pg_replication_origin: { describes: { as: 'pg_replication_origin', by: 'roident' } },
  pg_sequence: {
    without: 'seqtypid seqincrement seqmax seqmin seqcycle'.split(' '),
    describes: { as: 'pg_class', by: 'seqrelid' },
    comesAndGoes: true,
  },
  pg_statistic_ext: { without: ['stxkeys', 'stxkind', 'stxexprs'], comesAndGoes: true },
  pg_subscription: {
    without: ['subskiplsn'],
    where:
      't.subdbid = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())',
  },
  pg_trigger: {
    // Of one that keeps a foreign key; the others are told.
    instead: { tgenabled: 'case when t.tgisinternal then t.tgenabled end' },
    isTold: true,
    comesAndGoes: true,
  },
  pg_type: {
    without:
      'typname typnamespace typowner typtype typrelid typelem typarray typnotnull typbasetype typtypmod typndims typdefault typdefaultbin typacl'.split(
        ' ',
      ),
    comesAndGoes: true,
  },
  ...Object.fromEntries(
    'cast collation conversion foreign_server language namespace opclass operator policy proc publication publication_rel rewrite ts_config ts_dict'
      .split(' ')
      .map((name) => [`pg_${name}`, told]),
  ),
};

/** Those whose comments are told as the kind `comment`. */
const commented = ['pg_attribute', 'pg_class', 'pg_database', 'pg_namespace', 'pg_proc', 'pg_type'];

/** Objects that the catalogs number themselves when a server is made are its own. */
const firstOfUsers = 16384;

export const comesAndGoes = (catalog: string): boolean => catalogs[catalog]?.comesAndGoes ?? false;

export async function readEntries(session: Session): Promise<CatalogEntries> {
  const { rows } = await session.query<{ catalog: string; columns: string[]; written: string | null }>(
    `select
        c.relname as catalog,
        pg_catalog.array_agg(a.attname::text order by a.attnum) as columns,
        case when c.relisshared then (
            pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid)
            + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
            + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
        )::text end as written
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_attribute as a on c.oid = a.attrelid
     where
        c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace and c.relkind = 'r' and c.relname <> all($1::text[])
        and a.attnum > 0 and not a.attisdropped
        and pg_catalog.has_column_privilege(c.oid, a.attnum, 'select')
     group by c.oid, c.relname, c.relisshared
     order by c.relname`,
    [leftOut],
  );
  const entries = await session.query<CatalogEntry>(
    `with
     extensions as (
        select classid, objid, pg_catalog.jsonb_agg(pg_catalog.concat_ws(' ', deptype, refobjid) order by refobjid) as names
        from pg_catalog.pg_depend
        where refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and deptype in ('e', 'x') and objsubid = 0
        group by classid, objid
     ),

     labels as (
        select classoid, objoid, objsubid, pg_catalog.jsonb_object_agg(provider, label) as said
        from pg_catalog.pg_seclabel
        group by classoid, objoid, objsubid
     ),

     entries as (
        ${rows.map(({ catalog, columns }) => selectFrom(catalog, columns)).join(' union all ')}
        union all
        -- Its table is shut; the view tells the options to whoever may see them.
        select
            'pg_user_mapping', 'pg_catalog.pg_user_mapping'::pg_catalog.regclass, m.umid, 0, false,
            pg_catalog.to_jsonb(m) - array['umid', 'srvname', 'usename']
        from pg_catalog.pg_user_mappings as m
     )

     select
        n.catalog,
        pg_catalog.concat_ws(':', n.objid, n.part) as key,
        coalesce(
            -- It knows no such objects.
            case when n.catalog <> 'pg_replication_origin' then pg_catalog.pg_describe_object(n.classid, n.objid, n.part) end,
            pg_catalog.concat_ws(' ', n.catalog, n.objid)
        ) as label,
        pg_catalog.jsonb_strip_nulls(
            n.said || pg_catalog.jsonb_build_object(
                'extension', case when not n.is_part then x.names end,
                'comment', case when n.catalog <> all($1::text[]) then d.description end,
                'security label', s.said
            )
        ) as said
     from entries as n
     left join extensions as x on n.classid = x.classid and n.objid = x.objid
     left join labels as s on n.classid = s.classoid and n.objid = s.objoid and n.part = s.objsubid
     left join pg_catalog.pg_description as d on n.classid = d.classoid and n.objid = d.objoid and n.part = d.objsubid
     where n.objid >= ${firstOfUsers} or n.catalog in ('pg_database', 'pg_replication_origin')`,
    [commented],
  );
  return {
    entries: entries.rows,
    written: new Map(rows.flatMap(({ catalog, written }) => (written === null ? [] : [[catalog, written]]))),
  };
}

function selectFrom(name: string, columns: readonly string[]): string {
  const { without = [], instead = {}, isTold = false, describes, where = 'true' } = catalogs[name] ?? {};
  const { as, by, part } = describes ?? { as: name, by: 'oid' };
  const compared = columns.filter((column) => column !== by && column !== part && !without.includes(column));
  const pairs = (isTold ? compared.filter((column) => column in instead) : compared).map(
    (column) => `'${column}', ${instead[column] ?? `t.${column}`}`,
  );
  return `select '${name}' as catalog, 'pg_catalog.${as}'::pg_catalog.regclass::pg_catalog.oid as classid,
    t.${by}::pg_catalog.oid as objid, ${part === undefined ? '0' : `t.${part}::int`} as part,
    ${as !== name} as is_part, pg_catalog.jsonb_build_object(${pairs.join(', ')}) as said
    from pg_catalog.${name} as t where ${where}`;
}

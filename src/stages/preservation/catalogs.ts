/** A catalog of Postgres → what of it is compared as it stands: all but what `objects.sql` tells, and what is no definition. */

export interface Catalog {
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

/** Not compared: statistics, notes of the server's own, and what is read in another way, by `objects.sql` for the most part. */
export const leftOut = [
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
export const commented = ['pg_attribute', 'pg_class', 'pg_database', 'pg_namespace', 'pg_proc', 'pg_type'];

export const catalogCalled = (name: string): Catalog => catalogs[name] ?? {};

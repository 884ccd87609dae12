/** What a careful database administrator would say of one statement, by its words. */

/** A statement without comments and strings, in lower case, with single spaces; quoted names stay. */
export type Simplified = string;

export interface Rule {
  /** `mistake`: it cannot run; `warning`: it runs, and somebody should have thought about it. */
  readonly severity: 'mistake' | 'warning';
  readonly fits: (statement: Simplified) => boolean;
  readonly text: string;
  /** Whether it is of locks and rewriting alone: of a table that the fix makes nobody waits, and it holds no row. */
  readonly isOfRows?: true;
}

const outsideTransaction =
  /\bconcurrently\b|^vacuum\b|^(create|drop) (database|tablespace)\b|^alter system\b|^reindex (database|system)\b/;

const part = (words: string): RegExp =>
  new RegExp(String.raw`\balter table\b.*\badd (?:constraint (?:"[^"]*"|\S+) )?${words}`);

const scanned =
  'reads the whole table while nobody else can read it. Add it not valid, and validate it later, apart from the fix';

const rewritten = 'rewrites the table and its indexes; meanwhile nobody can read it';

export const rules: readonly Rule[] = [
  {
    severity: 'mistake',
    fits: (statement) => outsideTransaction.test(statement),
    text: 'cannot run in a transaction, and a fix is one. Write it without, or do it before and apart from the fix: prepare/ is for indexes',
  },
  {
    severity: 'warning',
    fits: (statement) => /\b(drop|truncate|revoke)\b.*\bcascade\b/.test(statement),
    text: 'cascade takes along what nobody has named. Name it, and drop it yourself',
  },
  {
    severity: 'warning',
    fits: (statement) => /\btruncate\b(?! (on|or)\b)(?!( table)? schema_fix\.)/.test(statement),
    text: 'truncate takes every row away. Move what is to go into the quarantine, with the reason',
  },
  {
    severity: 'warning',
    fits: (statement) =>
      /\bdelete from (?!schema_fix\.)/.test(statement) &&
      // What is given to an insert is moved.
      !/\b(where|using)\b|\breturning\b.*\binsert into\b/.test(statement),
    text: 'delete without where takes every row away. Say which',
  },
  {
    severity: 'warning',
    fits: (statement) => /\balter (column \S+|(?!column |table )\S+) (set data )?type\b/.test(statement),
    text: 'rewrites the table and its indexes, unless the types are stored alike; meanwhile nobody can read it',
    isOfRows: true,
  },
  {
    severity: 'warning',
    fits: (statement) =>
      /\balter (column \S+|(?!column |table )\S+) (set data )?type (pg_catalog\.)?(timestamp|timestamptz)\b/.test(
        statement,
      ) && !/\bat time zone\b|\btimezone ?\(/.test(statement),
    text: "takes a time without a zone for one in UTC, or shows one in UTC, whatever the application's zone is. Say which: using NAME at time zone 'Europe/Berlin'",
  },
  {
    severity: 'warning',
    fits: (statement) =>
      /\balter table\b.*\badd (column )?(if not exists )?(?!constraint|primary|foreign|unique|check|exclude|generated).*\b(default [^,]*\b(gen_random_uuid|uuid_generate_v\w+|uuidv[47]|random|clock_timestamp|timeofday|nextval|txid_current) ?\(|(small|big)?serial\b|generated (always|by default) as identity|generated always as \(.*\) stored)/.test(
        statement,
      ),
    text: `gives every row a value of its own, and so ${rewritten}`,
    isOfRows: true,
  },
  {
    severity: 'warning',
    fits: (statement) => /\balter table\b.*\bset (logged|unlogged|tablespace)\b|^cluster\b/.test(statement),
    text: rewritten,
    isOfRows: true,
  },
  {
    severity: 'warning',
    fits: (statement) => /\balter table\b.*\bset not null\b/.test(statement),
    text: 'reads the whole table while nobody else can read it. A valid check (column is not null), made before, spares that',
    isOfRows: true,
  },
  {
    severity: 'warning',
    fits: (statement) => part('check\\b').test(statement) && !/\bnot valid\b/.test(statement),
    text: scanned,
    isOfRows: true,
  },
  {
    severity: 'warning',
    fits: (statement) =>
      (part('(?:primary key|unique)\\b').test(statement) && !/\busing index\b/.test(statement)) ||
      part('exclude\\b').test(statement),
    text: 'makes an index while nobody else can read the table or write into it. A unique index made before, concurrently and apart from the fix, spares that: add … using index',
    isOfRows: true,
  },
  {
    severity: 'warning',
    fits: (statement) =>
      /\balter table\b.*\bforeign key\b/.test(statement) && !/\bnot valid\b/.test(statement),
    text: 'reads the whole table while nobody can write into it or the table that it points at. Add it not valid, and validate it later, apart from the fix',
    isOfRows: true,
  },
  {
    severity: 'warning',
    fits: (statement) => /\bcreate (unique )?index\b(?! concurrently)/.test(statement),
    text: 'keeps writers of the table waiting until the fix is committed, for no transaction makes it concurrently. prepare/ can have a plain index of a large table made before',
    isOfRows: true,
  },
  {
    severity: 'warning',
    fits: (statement) =>
      /\breindex\b|\block (table )?(?!schema_fix\.)\S+( in access exclusive mode)?( nowait)?$/.test(
        statement,
      ) || /^refresh materialized view (?!concurrently)/.test(statement),
    text: 'keeps readers, too, waiting until the fix is committed',
    isOfRows: true,
  },
  {
    severity: 'warning',
    fits: (statement) => /\balter type \S+ add value\b/.test(statement),
    text: 'cannot be used before the fix is committed, nor be taken back: another section, a check or a scenario that uses the value fails',
  },
  {
    severity: 'warning',
    fits: (statement) => /\bgrant (?!usage on schema ).* to (?:[^;]*, )?public\b/.test(statement),
    text: 'gives it to every role that there is and will be. Name those who need it',
  },
  {
    severity: 'warning',
    fits: (statement) =>
      /\bgrant (?:(?! on ).)*\b(all|insert|update|delete|truncate)\b(?:(?! on ).)* on (?!schema ).* to (?:[^;]*, )?anon\b/.test(
        statement,
      ),
    text: 'lets whoever has not signed in write. Take anon out, or say by a policy what they may write',
  },
  {
    severity: 'warning',
    fits: (statement) =>
      /^create (or replace )?(function|procedure)\b.*\bsecurity definer\b/.test(statement) &&
      !/\bset search_path\b/.test(statement),
    text: "runs with its owner's rights and finds names where its caller says. Add: set search_path = ''",
  },
];

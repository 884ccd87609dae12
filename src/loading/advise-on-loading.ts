/** What Postgres said of a statement of somebody's file → what they can do about it, where that is not what a bundle's author would do. */
import type { SqlProblem } from '../model.js';
import type { Missing } from './ledger.js';

interface Advice {
  readonly sqlstate: RegExp;
  readonly message?: RegExp;
  /** What the statement holds. */
  readonly statement?: RegExp;
  readonly text: string;
}

/** Where nothing better is known of what is not there. */
export const nothingMakesIt =
  'Nothing that is loaded makes it. Give before everything that the database was made from, in its order: earlier migrations, or a dump of the whole schema. What belongs to the hosting comes from the platform of bundle.yml.';

export const notFromTheBeginning =
  'Files that cannot be run on an empty database do not say what yours holds: give its address, or a dump of it (supabase db dump, pg_dump). Or leave out what was never run there.';

/** Where nothing better is known of what is there already. */
export const somethingMadeIt = `It is there already: two of the files make it, or the platform of bundle.yml does. ${notFromTheBeginning}`;

const table: readonly Advice[] = [
  {
    sqlstate: /^42601$/,
    statement: /^<{7} /m,
    text: 'It holds the marks of a merge that has conflicts (<<<<<<<). Resolve them first.',
  },
  {
    sqlstate: /^42601$/,
    statement: /^\s*<(?:!doctype|html|\?xml)\b/i,
    text: 'It is HTML or XML, and no SQL: a page, perhaps, that was saved instead of the file. Download it again.',
  },
  {
    sqlstate: /^(42601|0A000)$/,
    message: /near "oids"|WITH OIDS/,
    text: 'Tables with oids are gone since Postgres 12. Take the with oids (default_with_oids = true in a dump) out of the file; a column that your application reads as oid, add to the table: oid bigint generated always as identity.',
  },
  {
    sqlstate: /^42601$/,
    statement: /^[ \t]*GO[ \t]*$|\[\w+\]\s*\.\s*\[\w+\]|\bIDENTITY\s*\(\s*\d+\s*,/im,
    text: 'It reads as T-SQL, of Microsoft SQL Server. before takes what Postgres can read.',
  },
  {
    sqlstate: /^42601$/,
    statement: /\b(?:table|into|exists|database|use)\s+`|\bauto_increment\b|\)\s*engine\s*=\s*\w+/i,
    text: 'It reads as SQL of MySQL or MariaDB. before takes what Postgres can read.',
  },
  {
    sqlstate: /^42601$/,
    statement: /^\s*pragma\b|\bautoincrement\b/im,
    text: 'It reads as SQL of SQLite. before takes what Postgres can read.',
  },
  {
    sqlstate: /^42704$/,
    message:
      /^type "(n?varchar2|number|n?clob|blob|datetime2?|datetimeoffset|tinyint|mediumint|nvarchar|nchar|ntext|(tiny|medium|long)(text|blob)|uniqueidentifier|smalldatetime|rowversion|double)" does not exist/i,
    text: 'It is a type of another database’s (MySQL, SQL Server, Oracle, SQLite). before takes what Postgres can read; a domain of this name would have to be made first.',
  },
  {
    sqlstate: /^42883$/,
    message:
      /^function (pg_catalog\.)?(uuidv4|uuidv7|array_reverse|array_sort|casefold|crc32c?|gamma|lgamma)\(/,
    text: 'Postgres 18 has it, and this one is older. Rehearse on that: --postgres 18.',
  },
  {
    sqlstate: /^42601$/,
    statement: /\{\{|\$\{|(?<![:\w]):["']?[A-Za-z_]\w*["']?(?![:\w])/,
    text: 'It holds a placeholder ({{ … }}, :NAME or the like), which another tool fills in. Give what that tool makes of the file.',
  },
  {
    sqlstate: /^42601$/,
    statement: /\\'/,
    text: "It holds a backslash before a quote, which standard_conforming_strings gives its meaning: off, as dumps before 9.1 and the files of some applications set it, \\' is a quote within the text; on, the text ends there. Look whether the file was written for what it sets, or leaves as it is (on).",
  },
  {
    sqlstate: /^42P01$/,
    message:
      /"(\w+\.)?(__diesel_schema_migrations|_prisma_migrations|flyway_schema_history|schema_migrations|ar_internal_metadata|__drizzle_migrations|knex_migrations\w*|goose_db_version|pgmigrations|_sqlx_migrations|alembic_version|databasechangelog)"/i,
    text: 'It is the table in which a migration tool keeps what it has run; the tool makes it itself. Make it in a file of your own, given before these.',
  },
  {
    sqlstate: /^(3F000|42P01|42704|42883)$/,
    message: /^(schema|relation|type|function) "?(auth|storage|realtime|vault|cron|net|graphql)\b["(.]/,
    text: 'Nothing that is loaded makes it. If the hosting brings it, as Supabase does, name the platform: platform: supabase in bundle.yml, or --platform supabase. If the project or its tool makes it, make it in a file of your own, given before these.',
  },
  {
    sqlstate: /^(42704|22023)$/,
    message: /^collation "(?:[^"]|"")+" for encoding|^could not create locale /,
    text: 'It is a collation of the operating system that this server’s has not. Rehearse on a server whose system has it: your own with --postgres-url, or --postgres-source docker (postgres:MAJOR has en_US.utf8). Or let the files have one of ICU: create collation NAME (provider = icu, locale = …).',
  },
  {
    sqlstate: /^(3F000|42P01|42704|42883|42703)$/,
    text: nothingMakesIt,
  },
  {
    sqlstate: /^(42P07|42710|42P06|42723)$/,
    text: somethingMadeIt,
  },
  {
    sqlstate: /^42501$/,
    message: /COPY (from|to)|pg_read_server_files|pg_execute_server_program/,
    text: 'The file that it reads is not on the throwaway server. Write copy … from stdin with the rows below it, or insert statements.',
  },
  {
    sqlstate: /^42501$/,
    message: /^permission denied to create role/,
    text: 'A role belongs to the whole server, and the deployer may make none. Make it in a platform of the bundle (platform: NAME in bundle.yml, platforms/NAME.sql), and leave it out of the file.',
  },
  {
    sqlstate: /^42501$/,
    message: /^permission denied to grant role|must have admin option on role/,
    text: 'No file makes the role: it is of the platform of bundle.yml or of Postgres, and belongs to the whole server, so the deployer may give it to nobody. Grant it in the platform, platforms/NAME.sql, and leave it out of the file.',
  },
  {
    sqlstate: /^42501$/,
    text: 'The role that loads the files is the deployer, as on the host, and may not do this. If the hosting did it, leave the statement out of the file.',
  },
  {
    sqlstate: /^23503$/,
    text: 'Rows point to rows that no file holds. Dump both tables, or load the rows before the key is made, as pg_dump does. Where a migration counts on rows that were there, give those in a file of their own, between: --before EARLIER_FILE … --before rows.sql --before THE_REST.',
  },
  {
    sqlstate: /^55P04$/,
    text: 'A new value of an enum can be used once the transaction that added it has ended. Take the begin and commit out of the file, or put the use into a file of its own.',
  },
  {
    sqlstate: /^(25001|2D000)$/,
    text: 'This cannot be done within a transaction. Take the begin and commit out of the file: the statement is then run alone.',
  },
  {
    sqlstate: /^25P02$/,
    text: 'An earlier statement of the file’s own transaction failed within one of its savepoints. Put that right first.',
  },
  {
    sqlstate: /^42601$/,
    text: 'This Postgres cannot read the statement. If the dump is of a newer one, rehearse on that: --postgres 18. Otherwise look just before the caret.',
  },
  {
    sqlstate: /^54000$|^53200$/,
    text: 'The statement is larger than this server takes. Split it.',
  },
];

export function adviseOnLoading(
  problem: Pick<SqlProblem, 'sqlstate' | 'message' | 'hint'>,
  { statement, missing }: { readonly statement: string; readonly missing: readonly Missing[] },
): string | null {
  return adviseOnMissing(problem, statement, missing) ?? findAdvice(problem, statement);
}

/** What is known to be of an extension; `isOfSupabase`: it is there from the beginning, in the schema `extensions`. */
const knownExtensions: readonly {
  readonly extension: string;
  readonly isOfSupabase?: true;
  readonly message: RegExp;
}[] = [
  {
    extension: 'pgcrypto',
    isOfSupabase: true,
    message:
      /^function ("?[\w$]+"?\.)?(gen_random_uuid|gen_random_bytes|gen_salt|crypt|digest|hmac|armor|dearmor|pgp_(sym|pub)_\w+)\(/,
  },
  {
    extension: '"uuid-ossp"',
    isOfSupabase: true,
    message: /^function ("?[\w$]+"?\.)?uuid_(generate_v\d\w*|nil|ns_\w+)\(/,
  },
  {
    extension: 'postgis',
    message: /^type "?([\w$]+\.)?(geometry|geography|box2d|box3d|raster)(\[\])?"? does not/,
  },
  { extension: 'vector', message: /^type "?([\w$]+\.)?(vector|halfvec|sparsevec)(\[\])?"? does not/ },
  ...['citext', 'hstore', 'ltree', 'cube', 'isn'].map((extension) => ({
    extension,
    message: new RegExp(`^type "?([\\w$]+\\.)?${extension}(\\[\\])?"? does not`),
  })),
];

export function adviseOnKnownExtension(
  { sqlstate, message }: Pick<SqlProblem, 'sqlstate' | 'message'>,
  { isSupabase }: { readonly isSupabase: boolean },
): string | null {
  if (sqlstate !== '42883' && sqlstate !== '42704') return null;
  const known = knownExtensions.find((one) => one.message.test(message));
  if (known === undefined) return null;
  if (isSupabase && known.isOfSupabase)
    return `It is of the extension ${known.extension}, which Supabase has in the schema extensions from the beginning: create extension if not exists leaves it there. Name it there. If the files are of no project of Supabase, say so: --for plain for init, no platform: supabase in bundle.yml otherwise.`;
  return `It is of the extension ${known.extension}, which nothing that is loaded makes, or makes in another schema. Make it in a file given before these: create extension ${known.extension} with schema SCHEMA.`;
}

/** To which extension a function or type belongs Postgres does not say: it may be of any that was left out. */
export function adviseOnExtensions(
  { sqlstate }: Pick<SqlProblem, 'sqlstate'>,
  missing: readonly Missing[],
): string | null {
  const extensions = missing.map(({ leftOut }) => leftOut).filter(({ kind }) => kind === 'extension');
  if (!/^(42883|42704|3F000)$/.test(sqlstate) || extensions.length === 0) return null;
  const listed = extensions.map(({ statement, path, line }) => `${statement} (${path}:${line})`);
  return `Nothing that is loaded makes it. It may be of an extension that this server does not have, which was left out: ${listed.join(', ')}. ${withExtension} If it is of none, give before everything that the database was made from.`;
}

const withExtension =
  'Rehearse on a server that has the extension: --postgres-source docker --postgres-image IMAGE (supabase/postgres:VERSION has what Supabase has, timescale/timescaledb:latest-pg17 timescaledb), or your own with --postgres-url.';

/** Classes of errors that say that something is not there. */
const isNotThere = /^(3F000|42P01|42704|42883|42703|42P02|58P01)$/;

function adviseOnMissing(
  { sqlstate, message }: Pick<SqlProblem, 'sqlstate' | 'message'>,
  statement: string,
  missing: readonly Missing[],
): string | null {
  // A migration that looks itself whether something is there.
  const isRaised = sqlstate === 'P0001';
  if (!isRaised && !isNotThere.test(sqlstate)) return null;
  const cause =
    missing.find(({ words }) => words.test(message)) ??
    (isRaised ? undefined : missing.find(({ words }) => words.test(statement)));
  if (cause === undefined) return null;
  const { statement: what, path, line, reason, kind } = cause.leftOut;
  const remedy =
    kind === 'extension'
      ? withExtension
      : 'Rehearse on a server that has it, or add it to the platform of bundle.yml.';
  return `It follows from a statement that was left out: ${what} (${path}:${line}: ${reason}). ${remedy}`;
}

function findAdvice(
  { sqlstate, message }: Pick<SqlProblem, 'sqlstate' | 'message'>,
  statement: string,
): string | null {
  const fitting = table.find(
    (advice) =>
      advice.sqlstate.test(sqlstate) &&
      (advice.message === undefined || advice.message.test(message)) &&
      (advice.statement === undefined || advice.statement.test(statement)),
  );
  return fitting?.text ?? null;
}

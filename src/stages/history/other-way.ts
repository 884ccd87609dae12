/** A statement of the way back that Postgres refuses → other statements to the same end, or null where there are none. */
import { nameInSql, quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import type { Matched } from './match-rows.js';

export interface OtherWay {
  readonly statements: readonly string[];
  /** What is run when the rows of before are back. */
  readonly after: readonly string[];
}

/** cannot_coerce, and data_exception: what a row says now is nothing that the type of before can be made of. */
const cannotBecome = /^(42846|22)/;
/** insufficient_privilege */
const notAllowed = '42501';

export async function findOtherWay(
  session: Session,
  {
    sql,
    code,
    matched,
  }: { readonly sql: string; readonly code: string; readonly matched: readonly Matched[] },
): Promise<OtherWay | null> {
  if (cannotBecome.test(code)) return retypeWithoutRows(session, sql, matched);
  return code === notAllowed ? giveAway(session, sql) : null;
}

const retyping = new RegExp(
  `^alter table (?:only )?(${nameInSql}) alter column (${nameInSql}) type (.+?) using `,
  'is',
);

/** Where all rows are the deployment's own, what they say now is nobody's: what they said before is put back. */
async function retypeWithoutRows(
  session: Session,
  sql: string,
  matched: readonly Matched[],
): Promise<OtherWay | null> {
  const [, table, column, type] = retyping.exec(sql) ?? [];
  if (table === undefined || column === undefined) return null;
  const { rows } = await session.query<{ oid: string; is_given: boolean }>(
    // Where all rows are out, nothing can be null; and a column of a primary key cannot be let be.
    `select
         a.attrelid::pg_catalog.oid::pg_catalog.text as oid,
         a.attnotnull and exists (select from only ${table}) as is_given
     from pg_catalog.pg_attribute as a
     where a.attrelid = pg_catalog.to_regclass($1) and pg_catalog.quote_ident(a.attname) = pg_catalog.quote_ident($2)`,
    [table, plain(column)],
  );
  const [found] = rows;
  const own = matched.find(({ oid }) => oid !== null && oid === found?.oid);
  if (found === undefined || own === undefined || own.others + own.changed > 0) return null;
  const alter = `alter table ${table} alter column ${column}`;
  return {
    statements: [...(found.is_given ? [`${alter} drop not null`] : []), `${alter} type ${type} using null`],
    after: found.is_given ? [`${alter} set not null`] : [],
  };
}

/** An owner has to be allowed to make something in the schema, but only in the moment when they become it. */
async function giveAway(session: Session, sql: string): Promise<OtherWay | null> {
  const [, schema, role] =
    /^alter (?:table|view|materialized view|sequence|function|type) ("(?:[^"]|"")*"|[^\s."]+)\..* owner to ("(?:[^"]|"")*"|\S+)$/is.exec(
      sql,
    ) ?? [];
  if (schema === undefined || role === undefined) return null;
  const { rows } = await session.query<{ is_allowed: boolean }>(
    `select pg_catalog.has_schema_privilege(r.oid, n.oid, 'create') as is_allowed
     from pg_catalog.pg_roles as r, pg_catalog.pg_namespace as n
     where r.rolname = $1 and n.nspname = $2`,
    [plain(role), plain(schema)],
  );
  if (rows[0]?.is_allowed !== false) return null;
  const to = quoteIdentifier(plain(role));
  const of = `create on schema ${quoteIdentifier(plain(schema))}`;
  return { statements: [`grant ${of} to ${to}`, sql, `revoke ${of} from ${to}`], after: [] };
}

/** Without what SQL quotes it by. */
function plain(name: string): string {
  return name.replace(/^"(.*)"$/s, (_, inner: string) => inner.replaceAll('""', '"'));
}

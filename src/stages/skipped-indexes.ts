/** What Postgres said of `create index if not exists` → a problem where the index that is there is invalid, or another than the statement makes. */

import { splitStatements } from '../bundle/split-statements.js';
import type { Session } from '../database/with-session.js';
import { withSavepointRollback } from '../database/with-transaction.js';
import { describeProblem } from '../errors.js';
import type { SqlFile, SqlProblem } from '../model.js';

/** duplicate_table: of an index, too, as a notice that it is left as it is. */
export const alreadyThere = '42P07';

export interface Skipped {
  readonly message: string;
  /** As a notice's context, which holds the statement that a block carried out. */
  readonly where: string;
}

/** One of a partitioned table is invalid until each partition has its own, which is ordinary. */
const readInvalid = `
    select c.relname as name, pg_catalog.format('%I.%I', n.nspname, c.relname) as quoted
    from pg_catalog.pg_index as i
    inner join pg_catalog.pg_class as c on c.oid = i.indexrelid and c.relkind = 'i'
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where not i.indisvalid
    order by 2`;

export async function findSkippedIndex(
  session: Session,
  files: readonly SqlFile[],
  skipped: readonly Skipped[],
): Promise<SqlProblem | null> {
  if (skipped.length === 0) return null;
  const path = files[0]?.path ?? '';
  const { rows } = await session.query<{ name: string; quoted: string }>(readInvalid);
  const found = rows.find(({ name }) => skipped.some((one) => names(one, name)));
  if (found !== undefined)
    return describeProblem({
      path,
      // object_not_in_prerequisite_state
      sqlstate: '55000',
      message: `The index ${found.quoted} is left as it is by "if not exists", and is invalid: a create index concurrently that failed has left it. It is used by no query, and one that is unique refuses nothing that was there.`,
      advice: `drop index concurrently ${found.quoted}; then run the fix again. Where it is to be unique, look first for rows that are alike.`,
    });
  const written = files.flatMap((file) =>
    splitStatements(file.text).map(({ text, line }) => ({ path: file.path, line, text })),
  );
  const carriedOut = skipped.flatMap(({ where }) => {
    const text = /"(create\s.*)"/is.exec(where)?.[1];
    return text === undefined ? [] : [{ path, line: null, text }];
  });
  for (const { text, ...place } of [...written, ...carriedOut]) {
    const wanted = readIndex(text);
    if (wanted === null || !skipped.some((one) => names(one, wanted.name))) continue;
    const other = await compareIndex(session, wanted);
    if (other !== null) return describeProblem({ ...place, sqlstate: '55000', ...other });
  }
  return null;
}

/** Whatever language the server speaks, it writes the name between signs. */
const names = ({ message }: Skipped, name: string): boolean => message.includes(`"${name}"`);

interface WantedIndex {
  readonly name: string;
  readonly isUnique: boolean;
  /** As it is written. */
  readonly table: string;
  readonly rest: string;
}

const identifier = '(?:"(?:[^"]|"")*"|[a-z_][\\w$]*)';
const statement = new RegExp(
  `^create\\s+(unique\\s+)?index\\s+(?:concurrently\\s+)?if\\s+not\\s+exists\\s+(${identifier})\\s+on\\s+(?:only\\s+)?(${identifier}(?:\\s*\\.\\s*${identifier})?)(\\W.*)$`,
  'is',
);

function readIndex(text: string): WantedIndex | null {
  const [, unique, written = '', table, rest] = statement.exec(text.trim().replace(/;\s*$/, '')) ?? [];
  if (table === undefined || rest === undefined) return null;
  const name = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
  return { name, isUnique: unique !== undefined, table, rest };
}

/** Made on a table like it without rows, what the statement makes can be read of the catalog as what is there. */
async function compareIndex(
  session: Session,
  { name, isUnique, table, rest }: WantedIndex,
): Promise<Pick<SqlProblem, 'message' | 'advice'> | null> {
  return withSavepointRollback(session, async () => {
    await session.query(`create temporary table schema_fix_wanted (like ${table})`);
    await session.query(
      `create ${isUnique ? 'unique ' : ''}index schema_fix_wanted_index on pg_temp.schema_fix_wanted ${rest}`,
    );
    const { rows } = await session.query<{ quoted: string; there: string; wanted: string }>(
      `select
           pg_catalog.format('%I.%I', n.nspname, c.relname) as quoted,
           coalesce(case when i.indrelid <> t.oid then i.indrelid::pg_catalog.regclass || ': ' end, '')
           || coalesce(told.written, 'no index') as there,
           wanted.written as wanted
       from pg_catalog.pg_class as t
       inner join pg_catalog.pg_namespace as n on t.relnamespace = n.oid
       inner join pg_catalog.pg_class as c on n.oid = c.relnamespace and c.relname = $2
       left join pg_catalog.pg_index as i on c.oid = i.indexrelid
       cross join lateral (
           select pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX .*? USING ', '\\1USING ') as written
       ) as told
       cross join lateral (
           select
               pg_catalog.regexp_replace(
                   pg_catalog.pg_get_indexdef('pg_temp.schema_fix_wanted_index'::pg_catalog.regclass), '^CREATE (UNIQUE )?INDEX .*? USING ', '\\1USING '
               ) as written
       ) as wanted
       where t.oid = $1::pg_catalog.regclass`,
      [table, name],
    );
    const [found] = rows;
    if (found === undefined || found.there === found.wanted) return null;
    return {
      message: `The index ${found.quoted} is left as it is by "if not exists", and is another than the statement makes: ${found.there}, where it would be ${found.wanted}.`,
      advice:
        'Drop the one that is there first, where the fix is to replace it, or give the new one a name of its own.',
    };
  });
}

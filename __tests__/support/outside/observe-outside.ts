/** A database → what a fix of the chat tables has no business with: objects, rows, and what its own tables hold of others. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  differences,
  type Fingerprint,
  fingerprintCatalog,
  fingerprintData,
} from '../../../src/database/fingerprint.js';
import type { Session } from '../../../src/database/with-session.js';
import { isOfTheFix, ownTables } from './of-the-fix.js';

export interface Outside {
  /** Objects, and rows of tables: neither added, changed nor taken away. */
  readonly untouched: Fingerprint;
  /** What may be added to, but neither changed nor taken away. */
  readonly kept: Fingerprint;
  /** The indexes of the fix's own tables: their names do not tell whose they are. */
  readonly indexes: ReadonlySet<string>;
}

const keptSql = readFileSync(path.join(import.meta.dirname, 'kept.sql'), 'utf8');

/** The session must be a superuser's, from whom nothing is hidden. */
export async function observeOutside(session: Session): Promise<Outside> {
  const { rows: tables } = await session.query<{ name: string }>(
    `select s.nspname || '.' || c.relname as name
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as s on s.oid = c.relnamespace
     where c.relkind = 'r' and s.nspname not in ('pg_catalog', 'information_schema')`,
  );
  const { rows: kept } = await session.query<{ object: string; definition: string }>(keptSql);
  const { rows: indexes } = await session.query<{ object: string }>(
    `select 'index ' || pg_catalog.format('%I.%I', 'public', c.relname) as object
     from pg_catalog.pg_index as i
     inner join pg_catalog.pg_class as c on c.oid = i.indexrelid
     inner join pg_catalog.pg_class as t on t.oid = i.indrelid
     where t.relnamespace = 'public'::pg_catalog.regnamespace and t.relname = any($1)`,
    [ownTables],
  );
  const rows = await fingerprintData(
    session,
    tables.map(({ name }) => name),
  );
  return {
    untouched: new Map([
      ...(await fingerprintCatalog(session)),
      ...[...rows].map(([table, digest]) => [`rows of ${table}`, digest] as const),
    ]),
    kept: new Map(kept.map(({ object, definition }) => [object, definition])),
    indexes: new Set(indexes.map(({ object }) => object)),
  };
}

/** Everything outside of the fix that is not as it was, by name. */
export function findTouched(before: Outside, after: Outside): string[] {
  const isIndexOfTheFix = (object: string) => before.indexes.has(object) || after.indexes.has(object);
  return [
    ...differences(before.untouched, after.untouched).filter(
      (object) => !isOfTheFix(object) && !isIndexOfTheFix(object),
    ),
    ...differences(before.kept, after.kept).filter((object) => before.kept.has(object)),
  ];
}

/** A database → digests of its objects' definitions and of its tables' rows, and what differs between two of them. */
import { engineSql } from './engine-sql.js';
import { isReadableTable, quoteTable } from './table-names.js';
import type { Session } from './with-session.js';

/** Object or table → digest. Equal maps mean an equal catalog, or equal rows in any order. */
export type Fingerprint = ReadonlyMap<string, string>;

export async function fingerprintCatalog(session: Session): Promise<Fingerprint> {
  const { rows } = await session.query<{ object: string; digest: string }>(
    `select object, pg_catalog.md5(definition) as digest from (${engineSql('catalog')}) as catalog order by object`,
  );
  return new Map(rows.map((row) => [row.object, row.digest]));
}

/** Object → its definition as text, whole. What two of them say alike, their fingerprints do. */
export async function readDefinitions(session: Session): Promise<ReadonlyMap<string, string>> {
  const { rows } = await session.query<{ object: string; definition: string | null }>(
    `${engineSql('catalog')} order by object`,
  );
  return new Map(rows.map(({ object, definition }) => [object, definition ?? '']));
}

/** Tables that do not exist, or that we may not read, are left out. The digest is a sum over the rows, so it takes no memory and no order. */
export async function fingerprintData(session: Session, tables: readonly string[]): Promise<Fingerprint> {
  const digests = new Map<string, string>();
  for (const table of tables) {
    if (!(await isReadableTable(session, table))) continue;
    const { rows } = await session.query<{ digest: string }>(
      `select pg_catalog.concat_ws(':', count(*), sum(pg_catalog.hashtextextended((t.*)::text, 0))) as digest
       from ${quoteTable(table)} as t`,
    );
    digests.set(table, rows[0]?.digest ?? '');
  }
  return digests;
}

/** What was added, removed or changed, in the order of the names. */
export function differences(before: Fingerprint, after: Fingerprint): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

/** The indexes that a bundle's `prepare/` names → those of large tables, which the fix would make under its locks. */
import { createHash } from 'node:crypto';
import { runFile } from '../../database/run-file.js';
import type { Session } from '../../database/with-session.js';
import { withRollback, withSavepoint } from '../../database/with-transaction.js';
import { UserError } from '../../errors.js';
import type { Bundle } from '../../model.js';
import type { FixOptions } from '../fix-options.js';
import { findLargeTables } from '../large-tables.js';
import { limitWaiting } from '../limit-waiting.js';
import { narrowBundle } from '../narrow-bundle.js';
import { makePrelude } from '../prelude.js';
import { setSettings } from '../set-settings.js';
import { sayWhyNotPlain } from './is-plain.js';
import { prefix } from './left-behind.js';

export interface PreparedIndex {
  readonly schema: string;
  /** `schema.name`, as manifests write it. */
  readonly table: string;
  /** As the fix calls it. */
  readonly name: string;
  readonly prepared: string;
  /** `using btree (sender)` */
  readonly definition: string;
}

/** What `prepare/` says of this database, asked in a transaction that is undone, without what is of no use. */
export async function listWanted(
  session: Session,
  bundle: Bundle,
  options: Pick<FixOptions, 'lockTimeout' | 'statementTimeout' | 'onWait'>,
): Promise<PreparedIndex[]> {
  return withRollback(session, async () => {
    const large = await findLargeTables(session, bundle.tables);
    if (large.length === 0) return [];
    await limitWaiting(session, { ...options, lockTimeout: 0 });
    await setSettings(session, bundle);
    // What is wrong with it is said where the fix is begun.
    if ((await makePrelude(session, bundle)) !== null) return [];
    const { tables } = await narrowBundle(session, bundle);
    const found: PreparedIndex[] = [];
    for (const { file } of bundle.prepare) {
      const result = await withSavepoint(session, () => runFile(session, file));
      for (const row of result?.rows ?? []) {
        const index = readRow(row, file.path);
        const isWanted = tables.includes(index.table) && large.includes(index.table);
        if (!isWanted || !(await areFree(session, index))) continue;
        const why = await sayWhyNotPlain(session, index);
        if (why === null) found.push(index);
        else options.onWait(sayLeft(index, why));
      }
    }
    return found;
  });
}

/** Of one that could not be made before. */
export function sayLeft({ name }: PreparedIndex, why: string): string {
  return `The index ${name} could not be made before (${why}): the fix makes it, under its locks.`;
}

/** Throws a UserError where a row does not say what an index is. */
function readRow(row: Readonly<Record<string, string | null>>, path: string): PreparedIndex {
  const { table_name: table, index_name: name, definition } = row;
  const [schema, unqualified] = table?.split('.') ?? [];
  if (!table || !name || !definition || !schema || !unqualified) {
    throw new UserError(
      `${path}: a row has to give table_name (schema.name), index_name and definition (using btree (…)).`,
    );
  }
  return { schema, table, name, prepared: prepare(name), definition };
}

/** Postgres cuts off what is longer than 63 bytes, and two names may begin alike. */
function prepare(name: string): string {
  const whole = prefix + name;
  return Buffer.byteLength(whole) <= 63
    ? whole
    : prefix + createHash('sha256').update(name).digest('hex').slice(0, 40);
}

/** A name that is taken is the fix's matter. */
async function areFree(session: Session, { schema, name, prepared }: PreparedIndex): Promise<boolean> {
  const { rows } = await session.query(
    `select from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where n.nspname = $1 and c.relname = any($2::text[])`,
    [schema, [name, prepared]],
  );
  return rows.length === 0;
}

/** The indexes that a bundle's `prepare/` names → made on large tables before the fix begins, while the application goes on. */
import { readDefinitions } from '../database/fingerprint.js';
import { quoteIdentifier } from '../database/quote.js';
import { runFile } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import { withReading, withRollback, withSavepoint } from '../database/with-transaction.js';
import { UserError } from '../errors.js';
import type { Bundle, Finding, SqlProblem } from '../model.js';
import { compareDefinitions } from './compare-definitions.js';
import type { Deployment } from './deploy-fix.js';
import { type DefinitionsBefore, noteDefinitions } from './history/note-deployment.js';
import { findLargeTables } from './large-tables.js';
import { narrowBundle } from './narrow-bundle.js';
import { makePrelude } from './prelude.js';
import type { FixOptions } from './prove-fix.js';
import { setSettings } from './set-settings.js';

/** What was there before the first of them was made, and those that were: called `prepared` until the fix has begun. */
export interface Prepared {
  readonly before: DefinitionsBefore;
  readonly indexes: readonly PreparedIndex[];
}

interface PreparedIndex {
  readonly schema: string;
  readonly table: string;
  /** As the fix calls it. */
  readonly name: string;
  readonly prepared: string;
  /** `using btree (sender)` */
  readonly definition: string;
}

/** Whoever finds an index of such a name knows where it comes from. */
const prefix = 'schema_fix_prepared_';

/**
 * Outside of any transaction. Makes none where the bundle names none, where all tables are small, and for a plan, of which
 * nothing remains. They are taken away where the fix is not kept. An index that cannot be made is left to the fix.
 */
export async function withPrepared(
  session: Session,
  bundle: Bundle,
  options: FixOptions,
  work: (prepared: Prepared | null) => Promise<Deployment>,
): Promise<Deployment> {
  if (options.guards?.ending !== 'commit' || bundle.prepare.length === 0) return work(null);
  for (const { relation } of await withReading(session, () => listLeft(session)))
    await drop(session, relation, options);
  const wanted = await listWanted(session, bundle, options);
  if (wanted.length === 0) return work(null);
  const before = await withRollback(session, () => noteDefinitions(session));
  const indexes: PreparedIndex[] = [];
  try {
    for (const index of wanted) if (await make(session, index, options)) indexes.push(index);
    const deployment = await work({ before, indexes });
    if (deployment.committed === 'no') await dropAll(session, indexes, options);
    return deployment;
  } catch (error: unknown) {
    await dropAll(session, indexes, options);
    throw error;
  }
}

/** At the beginning of the transaction: they get the names that the fix gives them. Returns what else has changed since. */
export async function takeOverPrepared(
  session: Session,
  { before, indexes }: Prepared,
): Promise<SqlProblem | null> {
  const now = await readDefinitions(session);
  const made = new Set(indexes.map(({ schema, prepared }) => `index ${schema}.${prepared}`));
  const changed = compareDefinitions(before.definitions, now).filter(({ object }) => !made.has(object));
  for (const { schema, name, prepared } of indexes) {
    const index = `${quoteIdentifier(schema)}.${quoteIdentifier(prepared)}`;
    await session.query(`alter index ${index} rename to ${quoteIdentifier(name)}`);
  }
  if (changed.length === 0) return null;
  return {
    path: 'the indexes that were prepared',
    line: null,
    column: null,
    snippet: null,
    // object_not_in_prerequisite_state
    sqlstate: '55000',
    message: `While the indexes were made, somebody else has changed the database: ${changed
      .slice(0, 10)
      .map(({ object }) => object)
      .join(', ')}.`,
    detail: null,
    hint: null,
    advice: 'Look at what it was, and deploy again.',
  };
}

/** What a run that was killed has left behind. */
export async function describeLeft(session: Session): Promise<Finding[]> {
  const left = await listLeft(session);
  return left.map(({ relation }) => ({
    severity: 'warning',
    what: `A deployment that did not come to its end has left the index ${relation} behind.`,
    remedy: `The next deployment takes it away. Or do it yourself: drop index concurrently ${relation};`,
  }));
}

async function listLeft(session: Session): Promise<{ readonly relation: string }[]> {
  const { rows } = await session.query<{ relation: string }>(
    `select pg_catalog.format('%I.%I', n.nspname, c.relname) as relation
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where c.relkind = 'i' and pg_catalog.starts_with(c.relname::text, $1) and pg_catalog.pg_has_role(c.relowner, 'usage')
     order by 1`,
    [prefix],
  );
  return rows;
}

/** What `prepare/` says of this database, asked in a transaction that is undone, without what is of no use. */
async function listWanted(session: Session, bundle: Bundle, options: FixOptions): Promise<PreparedIndex[]> {
  return withRollback(session, async () => {
    const large = await findLargeTables(session, bundle.tables);
    if (large.length === 0) return [];
    await setLimits(session, options, 'local');
    await setSettings(session, bundle);
    // What is wrong with it is said where the fix is begun.
    if ((await makePrelude(session, bundle)) !== null) return [];
    const { tables } = await narrowBundle(session, bundle);
    const found: PreparedIndex[] = [];
    for (const { file } of bundle.prepare) {
      const result = await withSavepoint(session, () => runFile(session, file));
      for (const row of result?.rows ?? []) {
        const index = readRow(row, file.path);
        const isWanted = tables.includes(index.at) && large.includes(index.at);
        if (isWanted && (await areFree(session, index))) found.push(index);
      }
    }
    return found;
  });
}

/** Throws a UserError where a row does not say what an index is. */
function readRow(
  row: Readonly<Record<string, string | null>>,
  path: string,
): PreparedIndex & { readonly at: string } {
  const { table_name: at, index_name: name, definition } = row;
  const [schema, table] = at?.split('.') ?? [];
  if (!at || !name || !definition || !schema || !table) {
    throw new UserError(
      `${path}: a row has to give table_name (schema.name), index_name and definition (using btree (…)).`,
    );
  }
  return { at, schema, table, name, prepared: `${prefix}${name}`.slice(0, 63), definition };
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

async function make(session: Session, index: PreparedIndex, options: FixOptions): Promise<boolean> {
  const { schema, table, name, prepared, definition } = index;
  const at = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  options.onWait(`The index ${name} is made on ${schema}.${table} while the application goes on.`);
  try {
    await withLimits(session, options, async () => {
      await session.query(`create index concurrently ${quoteIdentifier(prepared)} on ${at} ${definition}`);
    });
    return true;
  } catch (error: unknown) {
    options.onWait(
      `The index ${name} could not be made before (${sayError(error)}): the fix makes it, under its locks.`,
    );
    await drop(session, `${quoteIdentifier(schema)}.${quoteIdentifier(prepared)}`, options);
    return false;
  }
}

async function dropAll(
  session: Session,
  indexes: readonly PreparedIndex[],
  options: FixOptions,
): Promise<void> {
  for (const { schema, prepared } of indexes) {
    await drop(session, `${quoteIdentifier(schema)}.${quoteIdentifier(prepared)}`, options);
  }
}

/** Where it does not succeed, the index is named: it hurts nobody but who writes. */
async function drop(session: Session, relation: string, options: FixOptions): Promise<void> {
  try {
    await withLimits(session, options, () => session.query(`drop index concurrently if exists ${relation}`));
  } catch (error: unknown) {
    options.onWait(
      `The index ${relation} could not be taken away (${sayError(error)}): drop index concurrently ${relation};`,
    );
  }
}

const sayError = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Nobody waits behind it while it waits for who is in the way, so that nothing but the statement's own limit ends it. */
async function withLimits(
  session: Session,
  options: FixOptions,
  work: () => Promise<unknown>,
): Promise<void> {
  await setLimits(session, options, 'session');
  try {
    await work();
  } finally {
    await session
      .query('reset search_path; reset lock_timeout; reset statement_timeout')
      .catch(() => undefined);
  }
}

async function setLimits(
  session: Session,
  { statementTimeout }: FixOptions,
  scope: 'local' | 'session',
): Promise<void> {
  await session.query(
    `set ${scope} search_path = pg_catalog, pg_temp; set ${scope} lock_timeout = 0; set ${scope} statement_timeout = ${statementTimeout}`,
  );
}

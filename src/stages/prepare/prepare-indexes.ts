/** The indexes that a bundle's `prepare/` names → made on large tables before the fix begins, while the application goes on. */
import { isLostConnection } from '../../database/database-error.js';
import { readDefinitions } from '../../database/fingerprint.js';
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { withReading, withRollback } from '../../database/with-transaction.js';
import { describeProblem, withSecond } from '../../errors.js';
import type { Bundle, SqlProblem } from '../../model.js';
import { compareDefinitions } from '../compare-definitions.js';
import type { Deployment } from '../deploy-fix.js';
import type { FixOptions } from '../fix-options.js';
import { type DefinitionsBefore, noteDefinitions } from '../history/note-deployment.js';
import { listLeft } from './left-behind.js';
import { listWanted, type PreparedIndex } from './list-wanted.js';
import { dropIndex, makeIndex, quotePrepared } from './make-index.js';

/** What was there before the first of them was made, and those that were: called `prepared` until the fix has begun. */
export interface Prepared {
  readonly before: DefinitionsBefore;
  readonly indexes: readonly PreparedIndex[];
}

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
  for (const relation of await withReading(session, () => listLeft(session)))
    await dropIndex(session, relation, options);
  const wanted = await listWanted(session, bundle, options);
  if (wanted.length === 0) return work(null);
  const before = await withRollback(session, () => noteDefinitions(session));
  const indexes: PreparedIndex[] = [];
  let deployment: Deployment;
  try {
    for (const index of wanted) if (await makeIndex(session, index, options)) indexes.push(index);
    deployment = await work({ before, indexes });
  } catch (error: unknown) {
    await dropAll(session, indexes, options).catch((second: unknown) => {
      throw withSecond(error, second);
    });
    throw error;
  }
  if (deployment.committed === 'no') await dropAll(session, indexes, options);
  return deployment;
}

/** At the beginning of the transaction: they get the names that the fix gives them. Returns what else has changed since. */
export async function takeOverPrepared(
  session: Session,
  { before, indexes }: Prepared,
): Promise<SqlProblem | null> {
  const now = await readDefinitions(session);
  const made = await nameMade(session, indexes);
  const changed = compareDefinitions(before.definitions, now).filter(({ object }) => !made.has(object));
  for (const index of indexes)
    await session.query(`alter index ${quotePrepared(index)} rename to ${quoteIdentifier(index.name)}`);
  if (changed.length === 0) return null;
  return describeProblem({
    path: 'the indexes that were prepared',
    // object_not_in_prerequisite_state
    sqlstate: '55000',
    message: `While the indexes were made, somebody else has changed the database: ${changed
      .slice(0, 10)
      .map(({ object }) => object)
      .join(', ')}.`,
    advice: 'Look at what it was, and deploy again.',
  });
}

/** As the fingerprint calls them, which quotes a name where Postgres has to. */
async function nameMade(session: Session, indexes: readonly PreparedIndex[]): Promise<ReadonlySet<string>> {
  const { rows } = await session.query<{ object: string }>(
    `select pg_catalog.format('index %I.%I', i.schema_name, i.index_name) as object
     from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) as i (schema_name, index_name)`,
    [indexes.map(({ schema }) => schema), indexes.map(({ prepared }) => prepared)],
  );
  return new Set(rows.map(({ object }) => object));
}

async function dropAll(
  session: Session,
  indexes: readonly PreparedIndex[],
  options: FixOptions,
): Promise<void> {
  const drop = async (on: Session) => {
    for (const index of indexes) await dropIndex(on, quotePrepared(index), options);
  };
  const isLost = await session.query('select').then(() => false, isLostConnection);
  const { withAnother } = options.guards?.keeping ?? {};
  // Whoever stops a run takes its session from it. Where no other is to be had, the first one's error names each of them.
  if (isLost && withAnother !== undefined) await withAnother(drop).catch(() => drop(session));
  else await drop(session);
}

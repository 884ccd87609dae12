/** Somebody's database → as it was before its last deployment, in one transaction, or what stands in the way. */
import pRetry from 'p-retry';
import type { Keeping } from '../../database/commit.js';
import { isPassing } from '../../database/database-error.js';
import { leaveNothing, noteSettings } from '../../database/own-session.js';
import type { Session } from '../../database/with-session.js';
import { withTransaction } from '../../database/with-transaction.js';
import type { TargetIdentity } from '../../model.js';
import { readVersion } from '../../settings/read-version.js';
import type { RollbackSettings } from '../../settings/settings.js';
import { assertWithin } from '../keep-to-window.js';
import { endWithClient, limitWaiting } from '../limit-waiting.js';
import { lockOutOthers } from '../one-run-at-a-time.js';
import type { Choices } from './obstacle.js';
import { type Recorded, readRecord } from './read-record.js';
import { recordFormat, seal } from './record-deployment.js';
import { type RolledBack, rollBack } from './roll-back.js';

export interface Rollback extends RolledBack {
  readonly recorded: Recorded;
  readonly isKept: boolean;
}

const retries = 12;

/** Ends the transaction by an exception, so that nothing is kept. */
class NotKept extends Error {
  constructor(readonly rollback: Rollback) {
    super('the rollback is not kept');
  }
}

export function rollBackTarget(
  session: Session,
  identity: TargetIdentity,
  settings: RollbackSettings & { readonly keeping: Keeping },
): Promise<Rollback> {
  return pRetry(() => attempt(session, identity, settings), {
    retries,
    minTimeout: 500,
    maxTimeout: 8000,
    randomize: true,
    shouldRetry: ({ error }) => isPassing(error),
  });
}

async function attempt(
  session: Session,
  identity: TargetIdentity,
  { keeping, ...settings }: RollbackSettings & { readonly keeping: Keeping },
): Promise<Rollback> {
  const { choices, toSql, window } = settings;
  const noted = await noteSettings(session);
  const work = async () => {
    await limitWaiting(session, settings);
    await endWithClient(session);
    assertWithin(window, new Date());
    await lockOutOthers(session);
    const found = await rollBackLast(session, identity, choices);
    if (found.obstacles.length > 0 || toSql !== null) throw new NotKept({ ...found, isKept: false });
    await session.query("select pg_catalog.pg_notify('pgrst', 'reload schema')");
    await leaveNothing(session, noted);
    assertWithin(window, new Date());
    return { ...found, isKept: true };
  };
  try {
    return await withTransaction(session, work, keeping);
  } catch (error: unknown) {
    if (error instanceof NotKept) return error.rollback;
    throw error;
  }
}

/**
 * In the open transaction: what the last deployment did is undone, and that is recorded. Where something stands in the way the
 * caller rolls the transaction back. Throws a UserError where nothing leads back.
 */
export async function rollBackLast(
  session: Session,
  identity: TargetIdentity,
  choices: Choices,
): Promise<Omit<Rollback, 'isKept'>> {
  const recorded = await readRecord(session, identity);
  const found = await rollBack(session, recorded, choices);
  if (found.obstacles.length === 0) await recordRollback(session, recorded, { identity, found });
  return { ...found, recorded };
}

async function recordRollback(
  session: Session,
  { id, bundle, bundleDigest, sections, settings }: Recorded,
  {
    identity,
    found,
  }: {
    readonly identity: TargetIdentity;
    readonly found: RolledBack;
  },
): Promise<void> {
  const { rows } = await session.query<{ id: string }>(
    `insert into schema_fix_history.runs (
         kind, undoes, format, tool, bundle, bundle_digest, sections, settings, target, server_version,
         definitions_before, definitions_after, way_back, tables, obstacles, digest
     )
     values (
         'rollback', $1, ${recordFormat}, $2, $3, $4, $5, $6, $7, pg_catalog.current_setting('server_version'), $8, $9, '[]', '[]', $10, ''
     )
     returning id::pg_catalog.text as id`,
    [
      id,
      readVersion(),
      bundle,
      bundleDigest,
      sections,
      JSON.stringify(settings),
      JSON.stringify(identity),
      JSON.stringify(Object.fromEntries(found.start)),
      JSON.stringify(Object.fromEntries(found.end)),
      JSON.stringify(found.kept),
    ],
  );
  await seal(session, rows[0]?.id ?? '');
}

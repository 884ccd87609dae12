/** A database → the definitions that its last deployment left, as that has recorded them, or why nobody knows. */

import { isDatabaseError, isUnfinished } from '../database/database-error.js';
import type { Session } from '../database/with-session.js';
import { withSavepointRollback } from '../database/with-transaction.js';
import { historySchema } from '../stages/history/history-schema.js';
import { type Statistics, statisticsShape } from '../stages/history/read-statistics.js';
import { digestOfRun } from '../stages/history/record-deployment.js';
import { limitWaiting } from '../stages/limit-waiting.js';

export type RecordedDefinitions =
  | { readonly kind: 'unknown'; readonly reason: string }
  | {
      readonly kind: 'known';
      readonly at: Date;
      readonly bundle: { readonly title: string; readonly digest: string };
      readonly before: ReadonlyMap<string, string>;
      readonly after: ReadonlyMap<string, string>;
      /** null: none were kept. */
      readonly statistics: Statistics | null;
    };

interface RunRow {
  readonly kind: 'deployment' | 'rollback';
  readonly at: Date;
  readonly bundle: string;
  readonly bundle_digest: string;
  readonly definitions_before: Readonly<Record<string, string>>;
  readonly definitions_after: Readonly<Record<string, string>>;
  readonly statistics: unknown;
  readonly is_whole: boolean;
}

/** Milliseconds for reading all that was recorded, its rows among it: whether somebody has changed it since. */
const timeLimit = 10_000;

/** Must be called within a transaction. */
export async function readRecord(session: Session): Promise<RecordedDefinitions> {
  const { rows: found } = await session.query<{ may_read: boolean }>(
    `select pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select') as may_read
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where n.nspname = $1 and c.relname = 'runs' and c.relkind = 'r'`,
    [historySchema],
  );
  const [table] = found;
  if (table === undefined) {
    return {
      kind: 'unknown',
      reason:
        'No deployment has left a record here, so nobody knows whether a definition has changed since. Deploy with this tool: what is there already is not changed, and recorded.',
    };
  }
  if (!table.may_read) {
    return {
      kind: 'unknown',
      reason: 'This role may not read the record of the last deployment. Connect as whoever deployed.',
    };
  }
  const rows = await readLastRun(session);
  if (rows === null) {
    return {
      kind: 'unknown',
      reason:
        'The record of the last deployment could not be read whole within ten seconds. Verify at a quieter time.',
    };
  }
  const [run] = rows;
  if (run === undefined)
    return { kind: 'unknown', reason: 'The record of deployments is empty. Deploy again.' };
  if (run.kind === 'rollback') {
    return {
      kind: 'unknown',
      reason: `The last deployment was rolled back at ${run.at.toISOString()}, so that there is nothing to keep to.`,
    };
  }
  if (!run.is_whole) {
    return {
      kind: 'unknown',
      reason: `The record of the deployment at ${run.at.toISOString()} is not what the engine wrote: somebody has changed it since. Deploy again, which records anew.`,
    };
  }
  return {
    kind: 'known',
    at: run.at,
    bundle: { title: run.bundle, digest: run.bundle_digest },
    before: new Map(Object.entries(run.definitions_before)),
    after: new Map(Object.entries(run.definitions_after)),
    statistics: statisticsShape.safeParse(run.statistics).data ?? null,
  };
}

/** null: it was not finished in time. */
async function readLastRun(session: Session): Promise<readonly RunRow[] | null> {
  try {
    return await withSavepointRollback(session, async () => {
      await limitWaiting(session, { lockTimeout: 2000, statementTimeout: timeLimit });
      const { rows } = await session.query<RunRow>(
        `select r.kind, r.at, r.bundle, r.bundle_digest, r.definitions_before, r.definitions_after, r.statistics,
             r.digest = ${digestOfRun} as is_whole
         from ${historySchema}.runs as r
         order by r.id desc
         limit 1`,
      );
      return rows;
    });
  } catch (error: unknown) {
    if (isDatabaseError(error) && isUnfinished(error)) return null;
    throw error;
  }
}

/** What was recorded of a deployment → what leads back, or a UserError that says why nothing does. */
import type { Session } from '../../database/with-session.js';
import { UserError } from '../../errors.js';
import type { TargetIdentity } from '../../model.js';
import { hasHistory } from './history-schema.js';
import type { WayBack } from './note-deployment.js';
import { digestOfRun, recordFormat } from './record-deployment.js';

export interface Recorded {
  readonly id: string;
  readonly at: Date;
  readonly bundle: string;
  readonly bundleDigest: string;
  readonly sections: readonly number[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly way: WayBack;
}

interface RunRow {
  readonly id: string;
  readonly at: Date;
  readonly format: number;
  readonly tool: string;
  readonly bundle: string;
  readonly bundle_digest: string;
  readonly sections: number[];
  readonly settings: Record<string, unknown>;
  readonly target: TargetIdentity;
  readonly definitions_before: Record<string, string>;
  readonly definitions_after: Record<string, string>;
  readonly way_back: WayBack['steps'];
  readonly tables: WayBack['tables'];
  readonly obstacles: string[];
  readonly is_whole: boolean;
}

/**
 * The last deployment that is not rolled back, in the open transaction; one that changed nothing stands in no other's place.
 * `identity` is that of the database that was named.
 */
export async function readRecord(session: Session, identity: TargetIdentity): Promise<Recorded> {
  if (!(await hasHistory(session))) {
    throw refusal(
      'no deployment was recorded in this database, so nobody knows what it was like. Restore a backup',
    );
  }
  const { rows } = await session.query<RunRow>(
    `select r.*, r.id::pg_catalog.text as id, r.digest = ${digestOfRun} as is_whole
     from schema_fix_history.runs as r
     where r.kind = 'deployment' and not exists (select from schema_fix_history.runs as u where u.undoes = r.id)
     order by
         r.target ->> 'system' = $1 and r.target ->> 'database' = $2
         and (r.definitions_before <> r.definitions_after or exists (select from schema_fix_history.rows as w where w.run = r.id)) desc,
         r.id desc
     limit 1`,
    [identity.system, identity.database],
  );
  const [run] = rows;
  if (run === undefined) {
    const { rows: last } = await session.query<{ at: Date; undoes: string }>(
      "select at, undoes::pg_catalog.text as undoes from schema_fix_history.runs where kind = 'rollback' order by id desc limit 1",
    );
    throw refusal(
      last[0] === undefined
        ? 'the record of every deployment was removed. Restore a backup'
        : `deployment ${last[0].undoes} was rolled back at ${last[0].at.toISOString()} already, and there is no other`,
    );
  }
  const what = `the record of deployment ${run.id} (${run.bundle}, ${run.at.toISOString()})`;
  if (run.format !== recordFormat) {
    throw refusal(
      `${what} was written by version ${run.tool} in another form than this version reads (${run.format}, not ${recordFormat}). Roll back with that version`,
    );
  }
  if (run.target.system !== identity.system || run.target.database !== identity.database) {
    throw refusal(
      `${what} is of another database (${run.target.place}), from which this one was copied. Roll back there`,
    );
  }
  if (!run.is_whole) {
    throw refusal(
      `${what} is not what the engine wrote: somebody has changed it since. Restore a backup, or have it put back as it was`,
    );
  }
  return {
    id: run.id,
    at: run.at,
    bundle: run.bundle,
    bundleDigest: run.bundle_digest,
    sections: run.sections,
    settings: run.settings,
    way: {
      before: run.definitions_before,
      after: run.definitions_after,
      steps: run.way_back,
      tables: run.tables,
      obstacles: run.obstacles,
    },
  };
}

function refusal(why: string): UserError {
  return new UserError(`rollback: ${why}. Nothing was done.`);
}

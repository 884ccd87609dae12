/**
 * What a deployment replaces, kept in its own transaction. One row of `schema_fix_history.runs` says when, which bundle, which
 * database, every definition as it was (`definitions_before`) and as it became (`definitions_after`), both object → text as
 * `readDefinitions` gives them, and the statements that lead back; `rows` has each row that was changed, moved or set aside.
 */
import type { Session } from '../../database/with-session.js';
import type { Bundle, Section, TargetIdentity } from '../../model.js';
import { readVersion } from '../../settings/read-version.js';
import { keyRows, makeHistory } from './history-schema.js';
import type { WayBack } from './note-deployment.js';
import { digestOfRows } from './note-rows.js';
import type { Statistics } from './read-statistics.js';

export interface About {
  readonly bundle: Pick<Bundle, 'title' | 'digest' | 'settings'>;
  readonly sections: readonly Pick<Section, 'number'>[];
  readonly target: TargetIdentity;
}

interface Recorded extends About {
  /** What monitor and verify are to compare with one day. */
  readonly statistics: Statistics;
}

/** Raised when an older engine would read what is recorded wrongly. */
export const recordFormat = 1;

/** Of a run: everything that is recorded of it, its rows among it, in one text. */
export const digestOfRun = `pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws('|',
    r.id, r.kind, coalesce(r.undoes, 0), extract(epoch from r.at), r.format, r.tool, r.bundle, r.bundle_digest, r.sections, r.settings, r.target, r.server_version,
    r.definitions_before, r.definitions_after, r.way_back, r.tables, r.obstacles, r.statistics,
    (select ${digestOfRows} from schema_fix_history.rows as w where w.run = r.id)
  ), 'UTF8')), 'hex')`;

/** Returns the number of the run, which is of the moment just before the commit: what proved the fix was before. The rows are in `pg_temp.schema_fix_changed`, where they were found. */
export async function recordDeployment(session: Session, way: WayBack, about: Recorded): Promise<string> {
  const isMade = await makeHistory(session);
  const { bundle, sections, target } = about;
  const { rows } = await session.query<{ id: string }>(
    `insert into schema_fix_history.runs (
         kind, at, format, tool, bundle, bundle_digest, sections, settings, target, server_version,
         definitions_before, definitions_after, way_back, tables, obstacles, statistics, digest
     )
     values ('deployment', pg_catalog.clock_timestamp(), ${recordFormat}, $1, $2, $3, $4, $5, $6, pg_catalog.current_setting('server_version'), $7, $8, $9, $10, $11, $12, '')
     returning id::pg_catalog.text as id`,
    [
      readVersion(),
      bundle.title,
      bundle.digest,
      sections.map(({ number }) => number),
      JSON.stringify(Object.fromEntries(bundle.settings.map(({ name, value }) => [name, value]))),
      JSON.stringify(target),
      JSON.stringify(way.before),
      JSON.stringify(way.after),
      JSON.stringify(way.steps),
      JSON.stringify(way.tables),
      JSON.stringify(way.obstacles),
      JSON.stringify(about.statistics),
    ],
  );
  const id = rows[0]?.id ?? '';
  await session.query(
    `insert into schema_fix_history.rows (run, table_number, side, key, content)
     select $1, table_number, side, key, content from pg_temp.schema_fix_changed`,
    [id],
  );
  if (isMade) await keyRows(session);
  await seal(session, id);
  return id;
}

export async function seal(session: Session, id: string): Promise<void> {
  await session.query(`update schema_fix_history.runs as r set digest = ${digestOfRun} where r.id = $1`, [
    id,
  ]);
}

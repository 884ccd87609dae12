/** A database → the definitions that its last deployment left, as that has recorded them, or why nobody knows. */
import type { Session } from '../database/with-session.js';

export type RecordedDefinitions =
  | { readonly kind: 'unknown'; readonly reason: string }
  | {
      readonly kind: 'known';
      readonly at: Date;
      readonly bundle: { readonly title: string; readonly digest: string };
      readonly before: ReadonlyMap<string, string>;
      readonly after: ReadonlyMap<string, string>;
    };

interface RunRow {
  readonly kind: 'deployment' | 'rollback';
  readonly at: Date;
  readonly bundle: string;
  readonly bundle_digest: string;
  readonly definitions_before: Readonly<Record<string, string>>;
  readonly definitions_after: Readonly<Record<string, string>>;
}

/** Must be called within a transaction. */
export async function readRecord(session: Session): Promise<RecordedDefinitions> {
  const { rows: found } = await session.query<{ may_read: boolean }>(
    `select pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select') as may_read
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where n.nspname = 'schema_fix_history' and c.relname = 'runs' and c.relkind = 'r'`,
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
  const { rows } = await session.query<RunRow>(
    `select kind, at, bundle, bundle_digest, definitions_before, definitions_after
     from schema_fix_history.runs
     order by id desc
     limit 1`,
  );
  const [run] = rows;
  if (run === undefined)
    return { kind: 'unknown', reason: 'The record of deployments is empty. Deploy again.' };
  if (run.kind === 'rollback') {
    return {
      kind: 'unknown',
      reason: `The last deployment was rolled back at ${run.at.toISOString()}, so that there is nothing to keep to.`,
    };
  }
  return {
    kind: 'known',
    at: run.at,
    bundle: { title: run.bundle, digest: run.bundle_digest },
    before: new Map(Object.entries(run.definitions_before)),
    after: new Map(Object.entries(run.definitions_after)),
  };
}

/** Settings and bundle → what the hours round a deployment look like, and whether that is as the manifest wants it. */
import { withOneSnapshot } from '../database/with-transaction.js';
import { UserError } from '../errors.js';
import type { Bundle } from '../model.js';
import type { MonitorSettings } from '../settings/settings.js';
import { withReader } from '../stages/with-target.js';
import type { MonitorReport } from '../watched.js';
import { judgeByLogs } from './judge-criteria.js';
import { judgeTotals } from './judge-totals.js';
import { readRecord } from './read-record.js';
import { type WatchRequest, watchLogs } from './watch-logs.js';
import { watchSupabase } from './watch-supabase.js';

export async function monitor(
  settings: MonitorSettings,
  bundle: Bundle,
  { signal, now = new Date() }: { readonly signal: AbortSignal; readonly now?: Date },
): Promise<MonitorReport> {
  const startedAt = new Date();
  const { since } = settings;
  const deployedAt = settings.deployedAt ?? (await readMoment(settings, signal));
  const calls = bundle.monitor.rates.flatMap(({ of }) => (of.kind === 'call' ? [of.name] : []));
  const request: WatchRequest = {
    rules: bundle.monitor,
    names: { tables: bundle.tables, functions: [...new Set([...bundle.access.functions, ...calls])] },
    deployedAt,
    since,
  };
  const sources = [
    ...(await watchLogs(settings.logs, settings.log, request)),
    ...(settings.supabase === null ? [] : await watchSupabase(settings.supabase, request, { now, signal })),
  ];
  const { result, verdict } = judgeTotals(sources, bundle.monitor, { deployedAt, since });
  return {
    formatVersion: 1,
    command: 'monitor',
    verdict,
    bundle: { title: bundle.title, digest: bundle.digest },
    criteria: judgeByLogs(bundle.criteria, result.signatures),
    monitor: result,
    startedAt: startedAt.toISOString(),
    milliseconds: Date.now() - startedAt.getTime(),
  };
}

/** When the last deployment was, as it has recorded it. */
async function readMoment({ databaseUrl, databaseCa }: MonitorSettings, signal: AbortSignal): Promise<Date> {
  const record = await withReader({ databaseUrl: databaseUrl ?? '', databaseCa }, { signal }, ({ session }) =>
    withOneSnapshot(session, () => readRecord(session)),
  );
  if (record.kind === 'known') return record.at;
  throw new UserError(`deployed-at: the database does not say it. ${record.reason} Or give deployed-at.`);
}

/** Settings and bundle → what the hours round a deployment look like, and whether that is as the manifest wants it. */
import { withOneSnapshot } from '../database/with-transaction.js';
import { UserError } from '../errors.js';
import type { Bundle } from '../model.js';
import type { MonitorSettings } from '../settings/settings.js';
import { readStatistics } from '../stages/history/read-statistics.js';
import { withReader } from '../stages/with-target.js';
import type { MonitorReport } from '../watched.js';
import { judgeByLogs } from './judge-criteria.js';
import { judgeTotals } from './judge-totals.js';
import { type RecordedDefinitions, readRecord } from './read-record.js';
import { type WatchRequest, watchLogs } from './watch-logs.js';
import { type StatisticsRequest, watchStatistics } from './watch-statistics.js';
import { watchSupabase } from './watch-supabase.js';

export async function monitor(
  settings: MonitorSettings,
  bundle: Bundle,
  { signal, now = new Date() }: { readonly signal: AbortSignal; readonly now?: Date },
): Promise<MonitorReport> {
  const startedAt = new Date();
  const { since } = settings;
  const known = settings.databaseUrl === null ? null : await readDatabase(settings, bundle, signal);
  const deployedAt = settings.deployedAt ?? momentOf(known?.record ?? null);
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
    ...(known === null ? [] : [watchStatistics({ ...known, names: request.names, deployedAt })]),
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

interface KnownByDatabase extends Omit<StatisticsRequest, 'names' | 'deployedAt'> {
  readonly record: RecordedDefinitions;
}

/** When the last deployment was, as it has recorded it, and what the statistics say since. */
async function readDatabase(
  { databaseUrl, databaseCa }: MonitorSettings,
  { tables }: Bundle,
  signal: AbortSignal,
): Promise<KnownByDatabase> {
  return withReader({ databaseUrl: databaseUrl ?? '', databaseCa }, { signal }, ({ session }) =>
    withOneSnapshot(session, async () => {
      const record = await readRecord(session);
      const { statistics, statements } = await readStatistics(session, tables);
      const recorded = record.kind === 'known' ? record.statistics : null;
      return { record, recorded, now: statistics, statements, at: new Date() };
    }),
  );
}

function momentOf(record: RecordedDefinitions | null): Date {
  if (record?.kind === 'known') return record.at;
  throw new UserError(
    `deployed-at: the database does not say it. ${record?.reason ?? ''} Or give deployed-at.`,
  );
}

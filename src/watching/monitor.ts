/** Settings and bundle → what the hours round a deployment look like, and whether that is as the manifest wants it. */
import type { Bundle } from '../model.js';
import type { MonitorSettings } from '../settings/settings.js';
import type { MonitorReport } from '../watched.js';
import { judgeByLogs } from './judge-criteria.js';
import { judgeTotals } from './judge-totals.js';
import { type WatchRequest, watchLogs } from './watch-logs.js';
import { watchSupabase } from './watch-supabase.js';

export async function monitor(
  settings: MonitorSettings,
  bundle: Bundle,
  { signal, now = new Date() }: { readonly signal: AbortSignal; readonly now?: Date },
): Promise<MonitorReport> {
  const startedAt = new Date();
  const { deployedAt, since } = settings;
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

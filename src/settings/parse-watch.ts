/** Inputs of the commands that look at what was deployed → their settings: monitor, verify. */
import type { InputReader } from './input-reader.js';
import { parseFiles, parseMoment } from './parse-fix.js';
import type { MonitorSettings, VerifySettings } from './settings.js';

export function parseMonitor(inputs: InputReader): MonitorSettings {
  const logs = inputs.lines('logs');
  const supabase = parseSupabase(inputs);
  if (logs.length === 0 && supabase === null)
    inputs.problem(
      'logs',
      'is missing: there is nothing to look at. Give the log files of Postgres, or supabase-project',
    );
  const zone = inputs.text('log-timezone');
  if (zone !== null && !isZone(zone))
    inputs.problem('log-timezone', `"${zone}" is no time zone. Write its name, Europe/Berlin`);
  const deployedAt = parseMoment(inputs, 'deployed-at');
  const databaseUrl = inputs.text('database-url');
  if (inputs.text('deployed-at') === null && databaseUrl === null)
    inputs.problem(
      'deployed-at',
      'is missing. Give the moment of the deployment, 2026-11-30T02:00Z, or database-url, where it is recorded',
    );
  const since = parseMoment(inputs, 'since');
  if (since !== null && deployedAt !== null && since >= deployedAt)
    inputs.problem('since', 'is not before deployed-at, so that there is nothing to compare with');
  return {
    command: 'monitor',
    bundle: inputs.text('bundle'),
    logs,
    log: { prefix: inputs.verbatim('log-line-prefix'), zone },
    supabase,
    deployedAt,
    databaseUrl,
    databaseCa: inputs.text('database-ca'),
    since,
    files: { ...parseFiles(inputs), junit: null },
  };
}

function parseSupabase(inputs: InputReader): MonitorSettings['supabase'] {
  const project = inputs.text('supabase-project');
  const token = inputs.text('supabase-token') ?? inputs.environment('SUPABASE_ACCESS_TOKEN');
  if (project === null) {
    return null;
  }
  if (!/^[a-z]{20}$/.test(project))
    inputs.problem('supabase-project', "is not a project's reference: 20 lower-case letters");
  if (token === null)
    inputs.problem('supabase-token', 'is missing. Give a token that may read the logs of the project');
  const api = (inputs.text('supabase-api') ?? '').replace(/\/+$/, '');
  // On the way to another machine everybody would read the token.
  if (!/^https:\/\/[^\s/]+$|^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(api))
    inputs.problem('supabase-api', 'is not the address of an API, https://api.supabase.com');
  return { project, token: token ?? '', api };
}

export function parseVerify(inputs: InputReader): VerifySettings {
  return {
    command: 'verify',
    bundle: inputs.text('bundle'),
    databaseUrl: inputs.required('database-url', 'the address of the database'),
    databaseCa: inputs.text('database-ca'),
    timeLimit: (inputs.wholeNumber('time-limit', { from: 1, to: 3600 }) ?? 1) * 1000,
    files: { ...parseFiles(inputs), junit: null },
  };
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Inputs of the commands that work on a database of yours → their settings: plan, deploy, rollback, history, restore. */
import { findArtifactObstacle } from './github/artifact-obstacle.js';
import type { InputReader } from './input-reader.js';
import { parseApply, parseLimits, parseMoment } from './parse-fix.js';
import type {
  BackupSettings,
  DeploySettings,
  HistorySettings,
  PlanSettings,
  RestoreSettings,
  RollbackSettings,
  TargetSettings,
  WaySettings,
} from './settings.js';

export function parsePlan(inputs: InputReader): PlanSettings {
  return { command: 'plan', ...parseTarget(inputs), planOut: inputs.text('plan-out') };
}

/** A dry run is a plan. */
export function parseDeploy(inputs: InputReader): DeploySettings | PlanSettings {
  const isDryRun = inputs.oneOf('dry-run', ['true', 'false'] as const) === 'true';
  const plan = inputs.text('plan');
  if (isDryRun && plan !== null)
    inputs.problem('plan', 'is what a deployment keeps to, and a dry run makes one. Leave one of them out');
  if (isDryRun) return parsePlan(inputs);
  if (inputs.text('plan-out') !== null)
    inputs.problem('plan-out', 'is written by a plan, not by a deployment. Add dry-run, or take it out');
  const target = parseTarget(inputs);
  const backup = parseBackup(inputs);
  return {
    command: 'deploy',
    ...target,
    backup,
    trialServer: { source: 'auto', url: null, image: null },
    plan,
  };
}

/** So long that it is a key, and no word. */
const shortestKey = 16;

/** There is no default: what somebody forgot to say is not that they need none. */
function parseBackup(inputs: InputReader): BackupSettings {
  const kind = inputs.text('backup');
  const note = inputs.text('backup-note');
  const file = inputs.text('backup-out');
  if (kind !== 'confirmed' && note !== null)
    inputs.problem('backup-note', 'says which backup there is, for backup: confirmed. Take it out');
  if (kind !== 'dump' && kind !== 'copy' && file !== null)
    inputs.problem('backup-out', 'is where a dump or a copy is written. Take it out');
  if (kind === 'dump' || kind === 'copy') {
    const key = parseKey(inputs, kind);
    return { kind, file, key, isUploaded: parseUpload(inputs, kind) };
  }
  if (inputs.text('backup-key') !== null)
    inputs.problem('backup-key', 'is what a dump or a copy is encrypted with. Take it out');
  if (kind === 'confirmed') {
    if ((note ?? '').length < 10)
      inputs.problem(
        'backup-note',
        'is missing. Say in a sentence which backup there is, and of when: it is recorded in the report',
      );
    return { kind, note: note ?? '' };
  }
  if (kind !== 'none') {
    const what = kind === null ? 'is missing' : `"${kind}" is unknown`;
    inputs.problem('backup', `${what}. Nothing is deployed before it is known how to go back. ${choices}`);
  }
  return { kind: 'none' };
}

const choices =
  'It is one of dump (by pg_dump), copy (the tables of the fix and what they need, without pg_dump), confirmed (you have one, and say which by backup-note), none (there is to be none)';

/** null: not encrypted. On a runner that is typed, because whoever may read the run may have the file. */
function parseKey(inputs: InputReader, kind: string): string | null {
  const key = inputs.text('backup-key') ?? inputs.environment('SCHEMA_FIX_BACKUP_KEY');
  if (key === 'none') return null;
  if (key === null) {
    if (inputs.environment('GITHUB_ACTIONS') === 'true')
      inputs.problem(
        'backup-key',
        `is missing. On a runner a ${kind} is encrypted: make a key (openssl rand -base64 32), keep it where you will find it again, and give it as a secret`,
      );
    return null;
  }
  if (key.length < shortestKey)
    inputs.problem(
      'backup-key',
      `needs ${shortestKey} characters or more. Make one with openssl rand -base64 32, or type none for no encryption`,
    );
  return key;
}

/** On a runner, unless somebody has typed that it stays there. */
function parseUpload(inputs: InputReader, kind: string): boolean {
  const isWanted = inputs.oneOf('upload-backup', ['true', 'false'] as const) !== 'false';
  if (!isWanted || inputs.environment('GITHUB_ACTIONS') !== 'true') return false;
  const obstacle = findArtifactObstacle((name) => inputs.environment(name));
  const remedy =
    "Where the runner's disk stays when the runner is gone, say upload-backup: false, and keep the file from there";
  if (obstacle !== null)
    inputs.problem(
      'backup',
      `a ${kind} is an artifact of the run before anything is begun, because a runner that dies takes its disk along, and ${obstacle}. Use the action, on github.com, and no command in a step; or take a backup of your host's, and say which (confirmed). ${remedy}`,
    );
  if (inputs.text('backup-key') === 'none' || inputs.environment('SCHEMA_FIX_BACKUP_KEY') === 'none')
    inputs.problem(
      'backup-key',
      `is none, and whoever may read the run may have its artifacts: a backup in clear text is not uploaded. Give a key. ${remedy}`,
    );
  return true;
}

export function parseRollback(inputs: InputReader): RollbackSettings {
  return {
    command: 'rollback',
    ...parseWay(inputs),
    choices: {
      keepsNewRows: inputs.oneOf('keep-new-rows', ['true', 'false'] as const) === 'true',
      keysNotValid: inputs.oneOf('keys-not-valid', ['true', 'false'] as const) === 'true',
    },
    toSql: inputs.text('to-sql'),
    markdown: inputs.text('markdown'),
    ...parseLimits(inputs),
  };
}

export function parseHistory(inputs: InputReader): HistorySettings {
  const forget = inputs.text('forget');
  if (forget !== null && forget !== 'all' && !/^[1-9]\d{0,17}$/.test(forget))
    inputs.problem('forget', `"${forget}" is not the number of a deployment, nor all`);
  return { command: 'history', ...parseWay(inputs), forget, markdown: inputs.text('markdown') };
}

export function parseRestore(inputs: InputReader): RestoreSettings {
  const key = inputs.text('backup-key') ?? inputs.environment('SCHEMA_FIX_BACKUP_KEY');
  return {
    command: 'restore',
    file: inputs.required('file', 'the backup: schema-fix restore FILE'),
    key: key === 'none' ? null : key,
    ...parseWay(inputs),
  };
}

function parseTarget(inputs: InputReader): TargetSettings {
  return {
    ...parseApply(inputs),
    bundle: inputs.required(
      'bundle',
      'the folder of the fix, or chat-schema-fix for the one that ships with the action',
    ),
    ...parseWay(inputs),
    mayCreate: inputs.oneOf('create', ['true', 'false'] as const) === 'true',
  };
}

/** How the database is reached, and when. */
function parseWay(inputs: InputReader): WaySettings {
  const window = { notBefore: parseMoment(inputs, 'not-before'), notAfter: parseMoment(inputs, 'not-after') };
  if (window.notBefore !== null && window.notAfter !== null && window.notBefore >= window.notAfter)
    inputs.problem('not-after', 'is not later than not-before');
  return {
    databaseUrl: inputs.required('database-url', 'the address of the database'),
    databaseCa: inputs.text('database-ca'),
    confirm: inputs.required(
      'confirm',
      "what tells that database from others, typed again: the project's reference on Supabase, HOST:PORT/DATABASE elsewhere, the database's name for one on this machine",
    ),
    window,
  };
}

/** Inputs as text, from the action or the command line → Settings, or one UserError with every mistake. */
import { InputReader, type RawInputs } from './input-reader.js';
import type {
  ApplySettings,
  BackupSettings,
  Command,
  DeploySettings,
  FixSettings,
  GitHubSettings,
  HistorySettings,
  InitSettings,
  LintSettings,
  MergeSettings,
  MonitorSettings,
  PlanSettings,
  PostgresSettings,
  PostgresSource,
  RehearseSettings,
  ReportFiles,
  RestoreSettings,
  RollbackSettings,
  Settings,
  SqlSettings,
  TargetSettings,
  VerifySettings,
  WaySettings,
} from './settings.js';

const wayInputs = ['database-url', 'database-ca', 'confirm', 'not-before', 'not-after'];

const targetInputs = [
  ...wayInputs,
  'create',
  'bundle',
  'sections',
  'settings',
  'lock-timeout',
  'statement-timeout',
  'json',
  'markdown',
  'html',
  'junit',
];

/** The commands, and the inputs that each one reads. Two addresses that must never be confused are never in one line. */
export const inputsOfCommand: Readonly<Record<Command, readonly string[]>> = {
  rehearse: [
    'bundle',
    'sections',
    'settings',
    'states',
    'before',
    'rows',
    'platform',
    'strict',
    'trust-bundle',
    'shard',
    'concurrency',
    'postgres-version',
    'postgres-source',
    'postgres-url',
    'postgres-image',
    'lock-timeout',
    'statement-timeout',
    'json',
    'markdown',
    'html',
    'junit',
  ],
  plan: [...targetInputs, 'plan-out'],
  deploy: [
    ...targetInputs,
    'backup',
    'backup-out',
    'backup-key',
    'backup-note',
    'plan',
    'dry-run',
    'plan-out',
  ],
  rollback: [...wayInputs, 'lock-timeout', 'statement-timeout'],
  history: wayInputs,
  monitor: ['bundle', 'logs', 'log-line-prefix', 'log-timezone', 'deployed-at', 'since', 'json', 'markdown'],
  verify: ['bundle', 'database-url', 'database-ca', 'time-limit', 'json', 'markdown'],
  sql: ['bundle', 'sections', 'settings', 'lock-timeout', 'statement-timeout'],
  lint: ['bundle'],
  init: [],
  restore: ['database-url', 'database-ca', 'confirm', 'backup-key'],
  merge: ['reports', 'expected-reports', 'json', 'markdown', 'html', 'junit'],
};

const remedies: Readonly<Record<string, string>> = {
  'database-url': 'a rehearsal creates and drops databases, so it takes a server of its own: postgres-url',
  'postgres-url': 'this command speaks of one database: database-url',
};

/** `others` are problems that were found already; they are told with those that are found here. */
export function parseSettings(raw: RawInputs, others: readonly string[] = []): Settings {
  const inputs = new InputReader(raw, others);
  const command = inputs.oneOf('command', Object.keys(inputsOfCommand) as Command[]);
  if (command !== null) refuseForeignInputs(inputs, command);
  const settings = command === null ? null : parsers[command](inputs);
  return inputs.finish(settings);
}

/** Throws nothing: what is wrong has to be told on GitHub too, with the defaults of what was not understood. */
export function parseGitHubSettings(raw: RawInputs): {
  readonly settings: GitHubSettings;
  readonly problems: readonly string[];
} {
  const inputs = new InputReader(raw);
  const isTrue = (name: string) => inputs.oneOf(name, ['true', 'false'] as const);
  const commentKey = inputs.text('comment-key') ?? 'default';
  const isKey = /^[\w.-]{1,100}$/.test(commentKey);
  if (!isKey) inputs.problem('comment-key', 'takes 1 to 100 letters, digits, ".", "_" or "-"');
  const settings = {
    comment: inputs.oneOf('comment', ['always', 'on-failure', 'never'] as const) ?? 'always',
    commentKey: isKey ? commentKey : 'default',
    checkRun: isTrue('check-run') === 'true',
    issue: inputs.oneOf('issue', ['never', 'on-failure'] as const) ?? 'never',
    jobSummary: isTrue('job-summary') !== 'false',
    failOn: inputs.oneOf('fail-on', ['never', 'regression', 'failure'] as const) ?? 'failure',
    baseReport: inputs.text('base-report'),
    suggestions: isTrue('suggestions') === 'true',
    uploadReport: inputs.oneOf('upload-report', ['auto', 'true', 'false'] as const) ?? 'auto',
    annotations: isTrue('annotations') !== 'false',
    pullRequest: inputs.wholeNumber('pull-request-number', { from: 1, to: 999_999_999 }),
    workingDirectory: inputs.text('working-directory'),
    token: inputs.text('github-token'),
  };
  return { settings, problems: inputs.problems() };
}

const parsers: { readonly [C in Command]: (inputs: InputReader) => Settings } = {
  rehearse: parseRehearse,
  plan: parsePlan,
  deploy: parseDeploy,
  rollback: parseRollback,
  history: parseHistory,
  monitor: parseMonitor,
  verify: parseVerify,
  sql: parseSql,
  lint: parseLint,
  init: parseInit,
  restore: parseRestore,
  merge: parseMerge,
};

function refuseForeignInputs(inputs: InputReader, command: Command): void {
  const known = new Set(Object.values(inputsOfCommand).flat());
  for (const name of inputs.given()) {
    if (!known.has(name) || inputsOfCommand[command].includes(name)) continue;
    inputs.problem(
      name,
      `is not for ${command}${name in remedies ? `: ${remedies[name]}` : ''}. Take it out`,
    );
  }
}

function parseRehearse(inputs: InputReader): RehearseSettings {
  const states = inputs.list('states');
  const before = inputs.lines('before');
  if (states.length > 0 && before.length > 0) {
    inputs.problem(
      'before',
      'builds the starting schema instead of states, so the two cannot be given together',
    );
  }
  const platform = inputs.text('platform');
  if (platform !== null && before.length === 0) {
    inputs.problem(
      'platform',
      'is what before is loaded into: a state names its own. Give before, or take it out',
    );
  }
  return {
    command: 'rehearse',
    ...parseApply(inputs),
    states: states.length > 0 ? states : null,
    before,
    rows: parseRows(inputs, before),
    platform,
    isStrict: inputs.oneOf('strict', ['true', 'false'] as const) === 'true',
    isTrusted: inputs.oneOf('trust-bundle', ['true', 'false'] as const) === 'true',
    shard: parseShard(inputs),
    concurrency: inputs.wholeNumber('concurrency', { from: 1, to: 64 }),
    postgres: parsePostgres(inputs),
  };
}

function parseRows(inputs: InputReader, before: readonly string[]): RehearseSettings['rows'] {
  const text = inputs.text('rows') ?? 'none';
  if (text !== 'none' && !before.some((item) => /^postgres(ql)?:/i.test(item))) {
    inputs.problem(
      'rows',
      'is how many rows are copied of a database, and before names none. Give its address, or take it out',
    );
  }
  if (text === 'none' || text === 'all') return text;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  inputs.problem('rows', `"${text}" is not none, all, or a number of rows of each table`);
  return 'none';
}

function parseShard(inputs: InputReader): RehearseSettings['shard'] {
  const text = inputs.text('shard');
  if (text === null) return null;
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  if (Number(index) >= 1 && Number(index) <= Number(count))
    return { index: Number(index), count: Number(count) };
  inputs.problem('shard', `"${text}" is not a part of a whole. Write 2/4 for the second of four`);
  return null;
}

function parsePostgres(inputs: InputReader): PostgresSettings {
  const sources: readonly PostgresSource[] = ['auto', 'url', 'installed', 'embedded', 'docker'];
  const source = inputs.oneOf('postgres-source', sources) ?? 'auto';
  const url = inputs.text('postgres-url');
  if (source === 'url' && url === null)
    inputs.problem('postgres-url', 'is missing, and postgres-source is url. Add it');
  if (url !== null && source !== 'url' && source !== 'auto') {
    inputs.problem('postgres-url', `is given, but postgres-source is ${source}. Leave one of them out`);
  }
  return {
    source,
    major: inputs.wholeNumber('postgres-version', { from: 14, to: 18 }),
    url,
    image: inputs.text('postgres-image'),
  };
}

function parsePlan(inputs: InputReader): PlanSettings {
  return { command: 'plan', ...parseTarget(inputs), planOut: inputs.text('plan-out') };
}

/** A dry run is a plan. */
function parseDeploy(inputs: InputReader): DeploySettings | PlanSettings {
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
  if (kind === 'dump' || kind === 'copy') return { kind, file, key: parseKey(inputs, kind) };
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
        `is missing. On a runner a ${kind} is encrypted: make a key (openssl rand -base64 32), keep it where you will find it again, and give it as a secret. Type none if it is to be written in clear text`,
      );
    return null;
  }
  if (key.length < shortestKey)
    inputs.problem(
      'backup-key',
      `is shorter than ${shortestKey} characters. Make one with openssl rand -base64 32, or type none for no encryption`,
    );
  return key;
}

function parseRollback(inputs: InputReader): RollbackSettings {
  return {
    command: 'rollback',
    ...parseWay(inputs),
    choices: {
      keepsNewRows: inputs.text('keep-new-rows') === 'true',
      keysNotValid: inputs.text('keys-not-valid') === 'true',
    },
    toSql: inputs.text('to-sql'),
    ...parseLimits(inputs),
  };
}

function parseHistory(inputs: InputReader): HistorySettings {
  const forget = inputs.text('forget');
  if (forget !== null && forget !== 'all' && !/^[1-9]\d{0,17}$/.test(forget))
    inputs.problem('forget', `"${forget}" is not the number of a deployment, nor all`);
  return { command: 'history', ...parseWay(inputs), forget };
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
      "what tells that database from others, typed again: the project's reference on Supabase, HOST:PORT/DATABASE elsewhere",
    ),
    window,
  };
}

function parseRestore(inputs: InputReader): RestoreSettings {
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

/** A moment with its zone: without one it would be another on the runner than at home. */
function parseMoment(inputs: InputReader, name: string): Date | null {
  const text = inputs.text(name);
  if (text === null) return null;
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const moment = new Date(text);
  if (isWhole && !Number.isNaN(moment.getTime())) return moment;
  inputs.problem(
    name,
    `"${text}" is not a moment with its zone. Write 2026-11-30T02:00Z or 2026-11-30T03:00+01:00`,
  );
  return null;
}

function parseMonitor(inputs: InputReader): MonitorSettings {
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

function parseVerify(inputs: InputReader): VerifySettings {
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

function parseSql(inputs: InputReader): SqlSettings {
  return {
    command: 'sql',
    ...parseFix(inputs),
    onlyRemains: inputs.text('remains') === 'true',
    isForEditor: inputs.text('editor') === 'true',
  };
}

function parseLint(inputs: InputReader): LintSettings {
  return { command: 'lint', bundle: inputs.text('bundle') };
}

function parseInit(inputs: InputReader): InitSettings {
  const given = inputs.text('table') ?? 'public.notes';
  const table = given.includes('.') ? given : `public.${given}`;
  if (!/^public\.[a-z_][a-z0-9_]*$/.test(table)) {
    inputs.problem('table', `"${given}" is not a table of public, public.name in lower case`);
  }
  const platform = inputs.text('for') ?? 'plain';
  if (platform !== 'plain' && platform !== 'supabase') {
    inputs.problem('for', `"${platform}" is unknown. It is one of plain, supabase`);
  }
  return {
    command: 'init',
    folder: inputs.text('folder') ?? 'fix',
    title: inputs.text('title'),
    table,
    owner: columnOf(inputs, 'owner', 'author'),
    text: columnOf(inputs, 'text', 'body'),
    platform: platform === 'supabase' ? 'supabase' : 'plain',
  };
}

function columnOf(inputs: InputReader, name: string, standard: string): string {
  const given = inputs.text(name) ?? standard;
  if (!/^[a-z_][a-z0-9_]*$/.test(given)) inputs.problem(name, `"${given}" is not a column, in lower case`);
  return given;
}

function parseMerge(inputs: InputReader): MergeSettings {
  const reports = inputs.lines('reports');
  if (reports.length === 0) inputs.problem('reports', 'is missing. Give globs of the JSON reports to join');
  return {
    command: 'merge',
    reports,
    expectedReports: inputs.wholeNumber('expected-reports', { from: 1, to: 1000 }),
    files: parseFiles(inputs),
  };
}

function parseApply(inputs: InputReader): ApplySettings {
  return { ...parseFix(inputs), files: parseFiles(inputs) };
}

function parseFix(inputs: InputReader): FixSettings {
  const sections = inputs.list('sections');
  for (const section of sections) {
    if (!/^\d{1,3}$/.test(section)) {
      inputs.problem('sections', `"${section}" is not the number of a section. Write 5, 8`);
    }
  }
  return {
    bundle: inputs.text('bundle'),
    sections: sections.length > 0 ? sections.map(Number) : null,
    given: parseGiven(inputs),
    ...parseLimits(inputs),
  };
}

function parseLimits(inputs: InputReader): Pick<FixSettings, 'lockTimeout' | 'statementTimeout'> {
  return {
    lockTimeout: inputs.wholeNumber('lock-timeout', { from: 1, to: 600_000 }) ?? 0,
    statementTimeout: inputs.wholeNumber('statement-timeout', { from: 1, to: 86_400_000 }) ?? 0,
  };
}

/** `NAME=VALUE`; a value may hold anything but a line end, `=` too. Whether there is such a setting the bundle says. */
function parseGiven(inputs: InputReader): FixSettings['given'] {
  return inputs.lines('settings').flatMap((line) => {
    const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(line) ?? [];
    if (name !== undefined && value !== undefined) return [{ name, value }];
    inputs.problem('settings', `"${line}" is not a setting. Write NAME=VALUE`);
    return [];
  });
}

function parseFiles(inputs: InputReader): ReportFiles {
  return {
    json: inputs.text('json'),
    markdown: inputs.text('markdown'),
    html: inputs.text('html'),
    junit: inputs.text('junit'),
  };
}

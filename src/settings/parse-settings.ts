/** Inputs as text, from the action or the command line → Settings, or one UserError with every mistake. */
import { InputReader, type RawInputs } from './input-reader.js';
import { parseFiles, parseFix } from './parse-fix.js';
import { parseInit } from './parse-init.js';
import { parseRehearse } from './parse-rehearse.js';
import { parseDeploy, parseHistory, parsePlan, parseRestore, parseRollback } from './parse-target.js';
import { parseMonitor, parseVerify } from './parse-watch.js';
import type {
  Command,
  GitHubSettings,
  LintSettings,
  MergeSettings,
  Settings,
  SqlSettings,
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
    'rollback',
    'shard',
    'concurrency',
    'evidence',
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
    'upload-backup',
    'plan',
    'dry-run',
    'plan-out',
  ],
  rollback: [
    ...wayInputs,
    'keep-new-rows',
    'keys-not-valid',
    'to-sql',
    'lock-timeout',
    'statement-timeout',
    'markdown',
  ],
  history: [...wayInputs, 'forget', 'markdown'],
  monitor: [
    'bundle',
    'logs',
    'log-line-prefix',
    'log-timezone',
    'supabase-project',
    'supabase-token',
    'supabase-api',
    'deployed-at',
    'since',
    'database-url',
    'database-ca',
    'json',
    'markdown',
    'html',
  ],
  verify: ['bundle', 'database-url', 'database-ca', 'time-limit', 'json', 'markdown', 'html'],
  sql: ['bundle', 'sections', 'settings', 'lock-timeout', 'statement-timeout'],
  lint: ['bundle'],
  init: ['before', 'rows', 'postgres-version', 'postgres-source', 'postgres-url', 'postgres-image'],
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
    baseReport: inputs.text('base-report') ?? 'auto',
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

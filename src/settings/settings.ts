/** What a run is asked to do, valid and complete: no stage reads an input, an argument or the environment. */
import type { GivenSetting, Shard } from '../model.js';

/** Paths, or null for a report that nobody asked for. */
export interface ReportFiles {
  readonly json: string | null;
  readonly markdown: string | null;
  /** A page to look at. */
  readonly html: string | null;
  readonly junit: string | null;
}

export type PostgresSource = 'auto' | 'url' | 'installed' | 'embedded' | 'docker';

/** Where a rehearsal's throwaway server comes from. */
export interface PostgresSettings {
  readonly source: PostgresSource;
  /** 14 to 18, or null: the default major for a server that we start, any supported one for `url`. */
  readonly major: number | null;
  /** The setting `postgres-url`. */
  readonly url: string | null;
  /** The setting `postgres-image`; only docker reads it. */
  readonly image: string | null;
}

export interface FixSettings {
  /** The folder of the bundle, or `chat-schema-fix`; null: the chat schema fix that ships with us, where nothing of anybody's is touched. */
  readonly bundle: string | null;
  /** null: all. */
  readonly sections: readonly number[] | null;
  /** What was given for the bundle's own settings, in the order in which it was. */
  readonly given: readonly GivenSetting[];
  /** Milliseconds. */
  readonly lockTimeout: number;
  /** Milliseconds. */
  readonly statementTimeout: number;
}

export interface ApplySettings extends FixSettings {
  readonly files: ReportFiles;
}

export interface RehearseSettings extends ApplySettings {
  readonly command: 'rehearse';
  /** Names, numbers or beginnings of names; null: all. */
  readonly states: readonly string[] | null;
  /** Files, globs, folders and addresses of databases (secret) that build the starting schema instead of the bundle's states; empty: the states. */
  readonly before: readonly string[];
  /** What is copied of a database that `before` names: no rows, all, or a sample of so many of each table. */
  readonly rows: 'none' | 'all' | number;
  /** What `before` is loaded into: a platform's name, or a file of the user's own; null: the bundle's platform. */
  readonly platform: string | null;
  /** Whether a statement of `before` that had to be left out is a failure. */
  readonly isStrict: boolean;
  /** Whether a bundle that is not the shipped one builds its states and platforms as a superuser. */
  readonly isTrusted: boolean;
  /** Whether each deployment is rolled back, too, to see whether it returns. */
  readonly rollsBack: boolean;
  /** Which part of the states, from 1; null: all. */
  readonly shard: Shard | null;
  readonly concurrency: number | null;
  /** A file of what commands beside the rehearsal have shown, or null. */
  readonly evidence: string | null;
  readonly postgres: PostgresSettings;
}

/** How a database of somebody's is reached, and when. */
export interface WaySettings {
  readonly databaseUrl: string;
  /** A file with the certificate authority of the server, or null. */
  readonly databaseCa: string | null;
  /** What tells the database from others, typed again: see `confirmTarget`. */
  readonly confirm: string;
  /** When it may begin, and until when it may be committed. */
  readonly window: { readonly notBefore: Date | null; readonly notAfter: Date | null };
}

/** What is asked for wherever a fix is applied to somebody's database. */
export interface TargetSettings extends ApplySettings, WaySettings {
  readonly bundle: string;
  /** Whether the fix may make its tables where none of them is there. */
  readonly mayCreate: boolean;
}

export interface PlanSettings extends TargetSettings {
  readonly command: 'plan';
  /** Where the plan is written if it passes, or null. */
  readonly planOut: string | null;
}

/** How somebody can go back. */
export type BackupSettings =
  | TakeBackupSettings
  /** The user has one, and says which. */
  | { readonly kind: 'confirmed'; readonly note: string }
  | { readonly kind: 'none' };

export interface TakeBackupSettings {
  readonly kind: 'dump' | 'copy';
  /** Where it is written; null: a name in the folder where the run was started. */
  readonly file: string | null;
  /** Secret; null: it is not encrypted. */
  readonly key: string | null;
  /** Whether it is an artifact of the run before anything is begun: on a runner, whose disk may be gone with it. */
  readonly isUploaded: boolean;
}

export interface DeploySettings extends TargetSettings {
  readonly command: 'deploy';
  readonly backup: BackupSettings;
  /** Where the server comes from that a backup is tried on; its major is the target's. */
  readonly trialServer: Omit<PostgresSettings, 'major'>;
  /** The file of the plan that was approved; null: whatever the proofs let through. */
  readonly plan: string | null;
}

export interface MergeSettings {
  readonly command: 'merge';
  /** Globs of JSON reports. */
  readonly reports: readonly string[];
  /** How many there must be; null: as many as there are. */
  readonly expectedReports: number | null;
  readonly files: ReportFiles;
}

export interface MonitorSettings {
  readonly command: 'monitor';
  /** As in FixSettings. */
  readonly bundle: string | null;
  /** Globs of Postgres' log files. */
  readonly logs: readonly string[];
  readonly log: {
    /** The server's log_line_prefix; null: one that is known here. */
    readonly prefix: string | null;
    /** The server's log_timezone; null: what each time says. */
    readonly zone: string | null;
  };
  /** The project whose logs its management API has; null: none. */
  readonly supabase: {
    readonly project: string;
    /** Secret. */
    readonly token: string;
    readonly api: string;
  } | null;
  /** null: as the database has recorded it. */
  readonly deployedAt: Date | null;
  readonly databaseUrl: string | null;
  readonly databaseCa: string | null;
  /** What came earlier is not looked at; null: all is. */
  readonly since: Date | null;
  readonly files: ReportFiles;
}

export interface VerifySettings {
  readonly command: 'verify';
  /** As in FixSettings. */
  readonly bundle: string | null;
  readonly databaseUrl: string;
  readonly databaseCa: string | null;
  /** Milliseconds that one check may take. */
  readonly timeLimit: number;
  readonly files: ReportFiles;
}

export interface SqlSettings extends FixSettings {
  readonly command: 'sql';
  /** Only what is in the database afterwards, to be read. */
  readonly onlyRemains: boolean;
  /** Whether the script is for an SQL editor, which knows no command of psql. */
  readonly isForEditor: boolean;
}

export interface LintSettings {
  readonly command: 'lint';
  /** As in FixSettings. */
  readonly bundle: string | null;
}

export interface InitSettings {
  readonly command: 'init';
  /** Where the bundle is written: empty, or not there yet. */
  readonly folder: string;
  readonly title: string | null;
  /** What it begins with; null: an example. */
  readonly from: InitFrom | null;
  /** `public.name` */
  readonly table: string;
  /** Its columns: whose a row is, and some text. */
  readonly owner: string;
  readonly text: string;
  readonly platform: 'plain' | 'supabase';
}

/** A database of somebody's, or what builds one: as in RehearseSettings. */
export interface InitFrom {
  readonly before: readonly string[];
  readonly rows: 'none' | 'all' | number;
  /** `schema.name`; null: all. */
  readonly tables: readonly string[] | null;
  readonly owner: string | null;
  /** null: as it looks. */
  readonly platform: 'plain' | 'supabase' | null;
  readonly postgres: PostgresSettings;
}

export interface RollbackSettings extends WaySettings {
  readonly command: 'rollback';
  /** What somebody chose about rows of after the deployment that stand in the way. */
  readonly choices: { readonly keepsNewRows: boolean; readonly keysNotValid: boolean };
  /** Where the statements are written instead of being kept; null: they are kept. */
  readonly toSql: string | null;
  /** Where what came of it is written as markdown, or null. */
  readonly markdown: string | null;
  /** Milliseconds. */
  readonly lockTimeout: number;
  readonly statementTimeout: number;
}

export interface HistorySettings extends WaySettings {
  readonly command: 'history';
  /** The deployment whose rows are removed, `all`, or null. */
  readonly forget: string | null;
  /** As in RollbackSettings. */
  readonly markdown: string | null;
}

/** What returns to what was recorded, or lists it, and says so in a text. */
export type ReturnSettings = RollbackSettings | HistorySettings;

export interface RestoreSettings extends WaySettings {
  readonly command: 'restore';
  readonly file: string;
  /** Secret; null: none was given. */
  readonly key: string | null;
}

/** What prints a text and ends in no report. */
export type PrintSettings = SqlSettings | LintSettings | InitSettings | RestoreSettings;

/** What ends in a report. */
export type ReportSettings = RehearseSettings | PlanSettings | DeploySettings | MergeSettings;

/** What looks at something deployed, and ends in a report of its own. */
export type WatchSettings = MonitorSettings | VerifySettings;

export type Settings = ReportSettings | WatchSettings | ReturnSettings | PrintSettings;
export type Command = Settings['command'];

const printing: readonly Command[] = [
  'sql',
  'lint',
  'init',
  'restore',
] satisfies readonly PrintSettings['command'][];

export function isPrinting(settings: Settings): settings is PrintSettings {
  return printing.includes(settings.command);
}

const returning: readonly Command[] = ['rollback', 'history'] satisfies readonly ReturnSettings['command'][];

export function isReturning(settings: Settings): settings is ReturnSettings {
  return returning.includes(settings.command);
}

const watching: readonly Command[] = ['monitor', 'verify'] satisfies readonly WatchSettings['command'][];

export function isWatching(settings: Settings): settings is WatchSettings {
  return watching.includes(settings.command);
}

/** How the action tells GitHub; the command line has none of it. */
export interface GitHubSettings {
  readonly comment: 'always' | 'on-failure' | 'never';
  readonly commentKey: string;
  readonly checkRun: boolean;
  /** Whether one issue is kept for as long as something is wrong. */
  readonly issue: 'never' | 'on-failure';
  readonly jobSummary: boolean;
  /** Which FAIL of a rehearsal fails the job. */
  readonly failOn: 'never' | 'regression' | 'failure';
  /** `auto`, `false`, or a file. */
  readonly baseReport: string;
  readonly annotations: boolean;
  /** Whether a name that is not there is answered with the one that is, on the line of the diff. */
  readonly suggestions: boolean;
  /** Whether the report becomes an artifact of the run; auto: where it can. */
  readonly uploadReport: 'auto' | 'true' | 'false';
  /** null: the one that the event is of. */
  readonly pullRequest: number | null;
  /** What paths count from; null: where the step was started. */
  readonly workingDirectory: string | null;
  /** null: nothing can be posted, only the summary is written. */
  readonly token: string | null;
}

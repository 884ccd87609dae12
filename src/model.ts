/** The nouns: what a bundle is made of, what each stage finds out, and the report made of it. Imports nothing. */

// What a verdict is made of.

export type Verdict = 'pass' | 'fail';

/** A stage that was not run says why; it never counts as passed. */
export interface Skipped {
  readonly outcome: 'skipped';
  readonly reason: string;
}

// The bundle: one fix, read from a folder.

/** A SQL file; `path` is relative to the bundle's folder (or as the user typed it) and is what messages show. */
export interface SqlFile {
  readonly path: string;
  readonly text: string;
}

export interface Section {
  readonly number: number;
  readonly title: string;
  /** Numbers of the sections without which this one cannot run. */
  readonly needs: readonly number[];
  readonly file: SqlFile;
  /** What runs after the file: the files of the folder that bears its name, for a section too long for one. */
  readonly parts: readonly SqlFile[];
}

export interface Check {
  readonly number: number;
  readonly title: string;
  readonly file: SqlFile;
}

export type Expectation =
  | { readonly kind: 'rows'; readonly count: number }
  | { readonly kind: 'affected'; readonly count: number }
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'error'; readonly sqlstate: string; readonly message: string | null }
  | { readonly kind: 'refused' };

export interface Step {
  readonly title: string;
  /** The name of an actor of the manifest, or `deployer`. */
  readonly actor: string;
  readonly expectation: Expectation;
  /** Keeps the first column of the first row as the setting `scenario.NAME`. */
  readonly keep: string | null;
  /** Where the step's SQL begins in its file: 1 is the first line. */
  readonly line: number;
  readonly sql: string;
}

export interface Scenario {
  readonly number: number;
  readonly title: string;
  readonly steps: readonly Step[];
  readonly file: SqlFile;
}

export type StateExpectation =
  | { readonly kind: 'pass' }
  | { readonly kind: 'refuse'; readonly sqlstate: string };

/** A starting database: the one file of a state of the bundle, or what `--before` names. */
export interface State {
  /** The file's name without folder and ending, `07_messages_keyed_to_rooms`. */
  readonly name: string;
  readonly title: string;
  readonly platform: string | null;
  readonly deployer: string | null;
  readonly expectation: StateExpectation;
  /** How many rows the fix must quarantine, or null where that is not judged. */
  readonly quarantine: number | null;
  /** What its user gives beside what is given for every state. */
  readonly settings: readonly GivenSetting[];
  readonly files: readonly SqlFile[];
  /** What `before` names, loaded instead of `files`; empty for a state of the bundle. */
  readonly before: readonly BeforeFile[];
  /** Files with SQL in the folders that `before` names, which are not loaded. */
  readonly leftAlone?: readonly string[];
}

/** What is copied of a database beside its schema. */
export type RowsOfBefore = 'none' | 'all' | number;

/** A file or a database that somebody has, recognised by its content. It may be of any size, so its text is read when it is loaded. */
export interface BeforeFile {
  /** As messages show it: as the user typed it, or within the folder that they typed. */
  readonly path: string;
  readonly form:
    | { readonly kind: 'plain' | 'gzip' }
    /** pg_dump's custom, directory or tar form, and the program that reads it. */
    | { readonly kind: 'archive'; readonly pgRestore: string }
    /** What `schema-fix deploy` wrote; the key is a secret, and null where it was not encrypted. */
    | { readonly kind: 'backup'; readonly key: string | null }
    /** A database, by its address, which holds a password, and how many rows of each table: a number is a sample. */
    | { readonly kind: 'database'; readonly address: string; readonly rows: RowsOfBefore };
  /** Whether it is the work of pg_dump: its statements say all privileges that there are. */
  readonly isDump: boolean;
  /** Whether somebody wrote it with lines that all end in `\r\n`. A dump that has them got them on its way. */
  readonly hasWindowsLines?: boolean;
}

/** Who a scenario's step is run as: a database role, and what the server of the application says of who asks. */
export interface Actor {
  readonly name: string;
  readonly role: string;
  /** Of the token that a data API would have checked. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Settings of Postgres that the application makes for a request, `app.user_id`; blank where only other actors have them. */
  readonly session: Readonly<Record<string, string>>;
  /** What rows call them: the subject of the token, or else the first of the settings. */
  readonly subject: string | null;
}

export type FactType = 'text' | 'uuid' | 'timestamptz' | 'bigint';

/** One thing that a row says: in the first of `columns` that exists and is not null; the others are its older names. */
export interface Fact {
  readonly name: string;
  readonly columns: readonly string[];
  /** A query of the prelude that gives the columns, in their order, where the manifest does not list them. */
  readonly columnsFrom: string | null;
  readonly type: FactType;
  /** A SQL expression of the old row: what the fix may make of `value`; of another type, where it cannot be read as `type`. */
  readonly normalise: string | null;
  /** A SQL expression of `value`, of the old row and of the new: what has to be the same, where the values are not. */
  readonly comparedAs: string | null;
  /** A SQL condition on the old row: whether `value` may be replaced. One that is null always may. */
  readonly gap: string | null;
  /** A SQL condition on the new row: what may stand where a gap was. */
  readonly fill: string | null;
  /** Whether the fix makes the values unique: of several rows with one value any may get another. */
  readonly isMadeUnique: boolean;
}

/** Which rows may be put into quarantine, and the reason that has to stand there. */
export interface QuarantineRule {
  readonly reason: string;
  /** A SQL condition on the row as it was, whose facts are `said.NAME`; null: another row of its table says the same of `by`, and stays. */
  readonly when: string | null;
}

/** Rows that may not be lost. Tables are written `schema.name`. */
export interface Preserved {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** The facts by which a row is named in a report; none: its primary key. */
  readonly by: readonly string[];
  /** Whether several equal rows may become one. */
  readonly merge: boolean;
  /** Facts and columns in which rows that become one may differ. */
  readonly yields: readonly string[];
  /**
   * What a row may leave behind where the table that it comes to has no such fact or column: the values, or `any`. `anew`: any, and
   * where the table has such a column it may say something else there.
   */
  readonly leaves: Readonly<Record<string, readonly string[] | 'any' | 'anew'>>;
  /** Facts and columns that a copy need not have, since the row itself stays where it is. */
  readonly notCopied: readonly string[];
  /** A query of the prelude that gives them, or null. */
  readonly notCopiedFrom: string | null;
  /** A SQL condition on a new row: which rows may be there that nobody had before. */
  readonly appears: string | null;
  readonly quarantine: readonly QuarantineRule[];
  /** Reasons for which a copy of a row may be in quarantine that itself stays or moves. */
  readonly copies: readonly string[];
  readonly facts: readonly Fact[];
}

/** What may become of a table because of its foreign key to one of the fix's. */
export interface KeyedTables {
  /** Whether the key may become what the column that it points at becomes. */
  readonly retype: boolean;
  /** Whether the key may become null. */
  readonly detach: boolean;
  /** Whether its rows may be put into quarantine. */
  readonly quarantine: boolean;
}

export type BundleSettingType = 'text' | 'integer' | 'boolean' | 'list';

/** What somebody set: one value, or one item of a list. */
export interface GivenSetting {
  readonly name: string;
  readonly value: string;
}

/** What the user may decide about a fix: sections read it as `current_setting('schema_fix.NAME')`. */
export interface BundleSetting {
  readonly name: string;
  readonly type: BundleSettingType;
  readonly description: string;
  /** One text, or for a list its items. The default, until `chooseSettings` puts in what was given. */
  readonly value: string | readonly string[];
  /** Whether somebody gave it. */
  readonly isGiven: boolean;
}

export interface Platform {
  readonly name: string;
  /** Its own files last, those of the platforms that it needs before them. */
  readonly files: readonly PlatformFile[];
  /** Who owns a project's database there. The first that is no superuser on the server deploys what `before` gives. */
  readonly deployers: readonly string[];
  /** What stands for extensions that a server has not, by the extension's name. */
  readonly standIns: readonly StandIn[];
}

/** `engine`: ships with us. Whatever else there is may be written by the author of a pull request. */
export type Origin = 'engine' | 'bundle';

export interface PlatformFile extends SqlFile {
  readonly origin: Origin;
}

export interface StandIn {
  readonly extension: string;
  readonly origin: Origin;
  /** What it does, and what it does not. */
  readonly title: string;
  /** Written as an extension's script: `@extschema@` is the schema that it is made in. */
  readonly file: SqlFile;
}

/** A difference between what people could do and can do that is meant, of rows about which a rule of the bundle speaks. */
export interface DeclaredDifference {
  readonly table: string;
  readonly verb: AccessVerb;
  readonly outcome: 'gained' | 'lost';
  /** Only of rows that a stranger reached (open), or only where nobody reached any (shut). null: whoever it was. */
  readonly when: 'open' | 'shut' | null;
  /** Of a change: only of these columns. null: of all. */
  readonly columns: readonly string[] | null;
  /** A query of the prelude that gives the columns, where the manifest does not list them. */
  readonly columnsFrom: string | null;
  readonly reason: string;
}

export type AccessVerb = 'read' | 'change' | 'delete' | 'add';

/** Who is to reach which row after the fix, where that is not simply who reached it before. */
export interface Access {
  /** A query for the people in the data, or null for the platform's accounts. */
  readonly people: string | null;
  readonly differences: readonly DeclaredDifference[];
  /** Functions with their definer's rights that roles of the API may call from now on, `schema.name`. */
  readonly functions: readonly string[];
  readonly rules: readonly AccessRule[];
  /** `access/setup.sql`, run before the rules, where there is one. */
  readonly setup: SqlFile | null;
}

/** A query over the database as it was: person, source, row and verb. */
export interface AccessRule {
  readonly number: number;
  readonly title: string;
  readonly file: SqlFile;
}

/** How it is judged, after a deployment, what the logs say. */
export interface Monitoring {
  /** Minutes after the deployment that have to be seen. */
  readonly minutes: number;
  /** Errors an hour after the deployment, at most, by SQLSTATE or `other`; one that is not named: none. */
  readonly errorsPerHour: Readonly<Record<string, number>>;
  /** How many times as slow a statement may be in the mean; null: it is not judged. */
  readonly slower: number | null;
  /** Errors that are none of the fix's; `message` whole, or null for any. */
  readonly expected: readonly { readonly sqlstate: string; readonly message: string | null }[];
  readonly rates: readonly MonitoredRate[];
}

/** What people try and how much of it has to be done, in percent: rows put into a table, or calls of a function, `schema.name`. */
export interface MonitoredRate {
  readonly title: string;
  readonly of: { readonly kind: 'insert' | 'call'; readonly name: string };
  readonly atLeast: number;
}

/** What shows that a criterion is met: a stage or a part of one, or a command that a person runs. */
export type Evidence =
  | { readonly kind: 'checks' | 'scenarios' | 'preservation' }
  | { readonly kind: 'access' | 'rerun' }
  /** Errors of this SQLSTATE in the logs, which only `monitor` looks at. */
  | { readonly kind: 'log'; readonly signature: string }
  | { readonly kind: 'check' | 'scenario'; readonly number: number }
  | { readonly kind: 'command'; readonly command: string };

/** What has to be so for a deployment to be a success, in the words of whoever asked for it. */
export interface Criterion {
  readonly title: string;
  /** All of it. */
  readonly evidence: readonly Evidence[];
}

/** A box of the list, ticked or open. */
export interface CriterionResult extends Criterion {
  readonly outcome: 'met' | 'open';
  /** What shows it, with its figure, or what is missing: a sentence for each piece of evidence. */
  readonly shown: readonly string[];
}

/** What the application asks for, to be timed before the fix and after it. */
export interface Read {
  readonly number: number;
  readonly title: string;
  readonly file: SqlFile;
}

/** Bytes. */
export interface TableSize {
  readonly rows: number;
  readonly indexes: number;
}

export type ReadTiming =
  | {
      readonly kind: 'done';
      /** Planning and execution, the median. */
      readonly milliseconds: number;
      readonly rows: number;
      /** How each table is come by. */
      readonly plan: readonly string[];
    }
  | { readonly kind: 'refused'; readonly sqlstate: string }
  | { readonly kind: 'unfinished' }
  /** There was nobody to try it as. */
  | { readonly kind: 'untried' };

/** What the fix does to sizes and times. No verdict depends on it. */
export interface ImpactResult {
  /** How many were tried. */
  readonly people: number;
  readonly sizes: readonly {
    readonly table: string;
    readonly before: TableSize | null;
    readonly after: TableSize | null;
  }[];
  readonly reads: readonly {
    readonly number: number;
    readonly title: string;
    readonly before: ReadTiming;
    readonly after: ReadTiming;
  }[];
}

/** What a command beside the rehearsal has shown, as it wrote it down. */
export interface CommandResult {
  readonly command: string;
  readonly outcome: 'pass' | 'fail';
  /** With its figure. */
  readonly shown: string;
  /** The digest of the bundle that it was shown of. */
  readonly bundle: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface Bundle {
  /** The absolute path of its folder. */
  readonly folder: string;
  /** Its bundle.yml as it is written, for whoever says where in it something stands. */
  readonly manifest: SqlFile;
  /** SHA-256 of its content, wherever it lies: reports of one digest speak of the same fix. */
  readonly digest: string;
  readonly title: string;
  /** Every platform that the manifest or a state names. */
  readonly platforms: readonly Platform[];
  readonly platform: string | null;
  readonly deployer: string | null;
  readonly tables: readonly string[];
  /** A query that names those of `tables` that are the fix's business in this database; null: all of them are. */
  readonly claims: string | null;
  readonly quarantine: string | null;
  /** Where the fix notes which tables it has read once and for all. */
  readonly imported: string | null;
  readonly preserve: readonly Preserved[];
  /** Tables, `schema.name`, and columns, `schema.name.column`, that the fix makes beside those that it is about. */
  readonly adds: readonly string[];
  /** Tables and columns that the fix may drop once nothing is in them that is nowhere else, and objects: `trigger audit on public.fees`. */
  readonly drops: readonly string[];
  /** What guards data or acts on it and the fix may change or, on tables of others, make: `trigger audit on public.fees`. */
  readonly changes: readonly string[];
  /** Queries of the prelude that name more of them, which was there before the fix. */
  readonly changesFrom: readonly string[];
  /** What they name, whole. */
  readonly changesFound: readonly string[];
  readonly keyed: KeyedTables | null;
  readonly settings: readonly BundleSetting[];
  readonly monitor: Monitoring;
  readonly criteria: readonly Criterion[];
  readonly reads: readonly Read[];
  readonly actors: readonly Actor[];
  /** Facts and tools in the schema `schema_fix`, made before the first section and dropped after the last. */
  readonly prelude: readonly SqlFile[];
  readonly access: Access;
  /** Queries of the prelude for indexes that can be made before the fix begins. */
  readonly prepare: readonly Check[];
  readonly sections: readonly Section[];
  readonly checks: readonly Check[];
  /** What `verify` asks beside the checks, in their form. */
  readonly verify: readonly Check[];
  readonly scenarios: readonly Scenario[];
  /** `scenarios/setup.sql`, where there is one. */
  readonly scenarioSetup: SqlFile | null;
  readonly states: readonly State[];
}

/** The sections of one run, in order, and those that came along because a chosen one needs them. */
export interface SectionChoice {
  readonly sections: readonly Section[];
  readonly added: readonly { readonly number: number; readonly neededBy: number }[];
}

// What the stages find out.

/** A SQL error brought back to the file that caused it. Lines and columns count from 1. */
export interface SqlProblem {
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
  /** The line of the file with the error, and a caret under it where the column is known. */
  readonly snippet: string | null;
  /** What a function or dynamic SQL ran when it failed: its line with a caret, and below it the functions that ran it. */
  readonly inner?: string | null | undefined;
  /** The functions that ran where somebody's code raised the error, the innermost first; null: Postgres did. In no report. */
  readonly raisedBy?: readonly string[] | null | undefined;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string | null;
  /** Postgres' own hint, or the names that may have been meant. */
  readonly hint: string | null;
  /** What we advise, from the guide's troubleshooting. */
  readonly advice: string | null;
}

export interface TableCount {
  readonly table: string;
  /** null: there is no such table, or we may not read it. */
  readonly rows: number | null;
}

/** Something about somebody's database that they should know before the fix is applied to it. */
export interface Finding {
  /** `refusal`: nothing is begun. */
  readonly severity: 'refusal' | 'warning' | 'note';
  readonly what: string;
  /** What to do about it; null: nothing. */
  readonly remedy: string | null;
}

export interface PreflightResult {
  /** fail: a finding is a refusal. */
  readonly outcome: Verdict;
  readonly serverVersion: string;
  readonly database: string;
  readonly role: string;
  readonly tables: readonly TableCount[];
  /** Of a target; a rehearsal looks at nothing but what the fix does. */
  readonly findings: readonly Finding[];
}

export interface Assertion {
  readonly object: string;
  readonly expected: string;
  readonly actual: string;
  readonly outcome: Verdict;
}

export interface CheckResult {
  readonly outcome: Verdict;
  readonly assertions: readonly Assertion[];
  /** Why it failed as a whole, beside the assertions that failed: it returned no row, say. */
  readonly reason: string | null;
  readonly problem: SqlProblem | null;
}

export interface CheckComparison {
  readonly number: number;
  readonly title: string;
  readonly path: string;
  readonly before: CheckResult | Skipped;
  readonly after: CheckResult | Skipped;
}

export interface LockHeld {
  /** 0: taken before the first section, to note the rows while nobody changes them. */
  readonly section: number;
  /** `schema.name` of a table or index that was there before the fix. */
  readonly relation: string;
  /** As Postgres names it: `AccessExclusiveLock`. */
  readonly mode: string;
  /** From the end of the section's statement that took it until the transaction ended. */
  readonly milliseconds: number;
}

export interface SectionResult {
  readonly number: number;
  readonly title: string;
  readonly outcome: Verdict | 'skipped';
  readonly milliseconds: number;
  readonly notices: readonly string[];
}

export interface ApplyResult {
  readonly outcome: Verdict;
  /** How often it was begun; more than 1 when a lock could not be had in time. */
  readonly attempts: number;
  readonly sections: readonly SectionResult[];
  readonly locks: readonly LockHeld[];
  readonly problem: SqlProblem | null;
  /** The problem is one that the fix raised itself: it asks for a decision, and nothing broke. */
  readonly isRefusal?: boolean | undefined;
  /** Of a rehearsal: the fix made its tables, for none of them was there. */
  readonly foundNoTable?: boolean | undefined;
  readonly milliseconds: number;
}

/** For a state that the fix must refuse: that it did, with the right error, and left everything as it was. */
export interface RefusalResult {
  readonly outcome: Verdict;
  readonly expected: string;
  readonly actual: string;
  readonly changed: readonly string[];
}

export interface StepResult {
  readonly title: string;
  readonly actor: string;
  readonly line: number;
  readonly outcome: Verdict | 'skipped';
  readonly expected: string;
  readonly actual: string;
  /** The status that the data API would answer, where the statement was refused. */
  readonly httpStatus: number | null;
  readonly problem: SqlProblem | null;
}

export interface ScenarioResult {
  readonly number: number;
  readonly title: string;
  readonly path: string;
  readonly outcome: Verdict;
  readonly steps: readonly StepResult[];
  /** Why it failed before or beside its steps: the actor bypasses row level security, the setup failed. */
  readonly reason: string | null;
}

export interface ScenariosResult {
  readonly outcome: Verdict;
  readonly scenarios: readonly ScenarioResult[];
}

/** A row that is not what it was, by the facts it was recognised by. On a target the content is withheld. */
export interface LostRow {
  readonly table: string;
  readonly facts: string;
  readonly word: Exclude<DifferenceWord, 'appeared' | ObjectWord>;
  /** Which columns differ, or were left behind. */
  readonly columns: readonly string[];
}

export type DifferenceWord = 'gone' | 'changed' | 'appeared' | 'moved without being declared' | ObjectWord;

/** What no trial of it answers. */
type ObjectWord =
  | 'depends on where it runs'
  | 'asks what nobody was tried with'
  | 'reaches out of the database'
  /** It writes, notifies or empties something elsewhere, whatever it answers. */
  | 'acts beyond its row'
  /** It is as it was, and what it names is not. */
  | 'means something else'
  /** A function that the fix made, which Postgres cannot read. */
  | 'raises an error'
  /** The next numbers of a sequence are in its column already. */
  | 'comes to what is taken'
  /** What people could write before, as they wrote it. */
  | 'refuses what was taken'
  /** A materialized view says what its tables do not say, or no longer. */
  | 'are not what its query answers';

export interface PreservedResult {
  readonly name: string;
  readonly outcome: Verdict;
  readonly before: number;
  /** Found where they were. */
  readonly inPlace: number;
  /** Found in another table of `to`. */
  readonly moved: number;
  /** Equal to a row that was found; only where the manifest allows it. */
  readonly merged: number;
  readonly quarantined: number;
  readonly lost: number;
  /** The first 20 of them. */
  readonly lostRows: readonly LostRow[];
  /** New ones that `appears` lets be there. */
  readonly appeared: number;
  /** Values that are others, or not there, because `normalise`, `gap` or `leaves` lets them. */
  readonly excused: readonly ExcusedValues[];
}

export interface ExcusedValues {
  readonly fact: string;
  readonly normalised: number;
  /** How many fewer different values there are by that. */
  readonly alike: number;
  readonly filled: number;
  /** How many a move left behind, or says anew. */
  readonly left?: number | undefined;
}

/** Keys of one column that followed what they point at, and those that forgot it because it is not there any more. */
export interface KeyChanges {
  readonly table: string;
  readonly column: string;
  readonly followed: number;
  readonly forgotten: number;
}

/** How a row, a column or a table differs from what it was, without the manifest saying that it may. */
export interface RowDifference {
  readonly word: DifferenceWord;
  readonly table: string;
  /** What the row is known by; null: the whole table, or one of its columns. */
  readonly key: string | null;
  readonly columns: readonly string[];
}

/** An object that is another, made or gone, and what it sets going and asks, through whatever it calls. */
export interface ObjectDifference extends RowDifference {
  /** How it is written now, where that is short. */
  readonly text: string | null;
  /** Tells it from another under the same name, where `text` does not. */
  readonly digest: string | null;
  readonly does: readonly string[];
}

/** The proof that nothing else differs: every row and every column of every table. */
export interface ComparisonResult {
  readonly outcome: Verdict;
  /** Tables that were to be compared, and those that were: with all their rows, or because this transaction wrote nothing into them. */
  readonly planned: number;
  readonly compared: number;
  readonly unwritten: number;
  readonly rows: number;
  readonly differing: number;
  /** The first 20 of each table. */
  readonly differences: readonly RowDifference[];
  /** What `keyed` of the manifest let differ. */
  readonly keys: readonly KeyChanges[];
  /** Objects that differ as the manifest says, and what decides about the fix's own tables now. */
  readonly declared: readonly ObjectDifference[];
  /** Of the manifest, what this database has: tables, columns of facts written `kind.fact.column`, and what let something differ. */
  readonly seen: readonly string[];
}

export interface PreservationResult {
  readonly outcome: Verdict;
  readonly comparison: ComparisonResult;
  readonly kinds: readonly PreservedResult[];
  readonly quarantine: {
    readonly expected: number | null;
    readonly actual: number;
    readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  } | null;
  readonly reason: string | null;
}

/** What some people could do and cannot, or can do and could not, with some rows of one table. */
export interface AccessDifference {
  readonly outcome: 'gained' | 'lost';
  /** Whether the bundle says so: one that it does not say is a failure. */
  readonly isDeclared: boolean;
  readonly table: string;
  readonly verb: AccessVerb;
  readonly people: number;
  readonly rows: number;
  /** Somebody of them and one of the rows; withheld on a target. */
  readonly person: string | null;
  readonly row: string | null;
  /** The policies that decide about it. */
  readonly policies: readonly string[];
  /** Why it was expected, or what it contradicts. */
  readonly reason: string;
  /** There where nothing was lost: a rule says that they can, and they could not before either. */
  readonly isDeniedAsBefore?: boolean | undefined;
}

/** How many rows of one table the people of one kind can reach together, a person and a row each; null: an error was the answer. */
export interface ReachResult {
  readonly table: string;
  readonly who: 'in the data' | 'actor' | 'stranger' | 'visitor';
  readonly role: string;
  readonly people: number;
  readonly before: Readonly<Record<AccessVerb, number | null>>;
  readonly after: Readonly<Record<AccessVerb, number | null>>;
}

export interface WithdrawnColumns {
  readonly role: string;
  readonly table: string;
  readonly columns: readonly string[];
}

export interface AccessResult {
  readonly outcome: Verdict;
  /** Who was tried: those in the data, the actors, strangers and visitors. */
  readonly people: number;
  /** Tables and views, and rows in them. */
  readonly tables: number;
  readonly rows: number;
  readonly verbs: readonly AccessVerb[];
  /** People who read what they read before, neither more nor less but for what an error had refused. */
  readonly readAsBefore: number;
  /** People who were refused by an error, and read again what a rule says. */
  readonly readAgain: number;
  readonly gained: number;
  readonly lost: number;
  /** The same, as the bundle says. */
  readonly gainedAsDeclared: number;
  readonly lostAsDeclared: number;
  readonly differences: readonly AccessDifference[];
  /** Of tables of which anybody reached anything; a table that was not there has zeros. */
  readonly reach?: readonly ReachResult[] | undefined;
  /** Columns to which a role that goes on inserting rows gives no value any more. */
  readonly withdrawn?: readonly WithdrawnColumns[] | undefined;
  /** Of the bundle, what this database has: rules that spoke of a row, and `access.people` where it named somebody. */
  readonly seen: readonly string[];
  /** What was not looked at, and why. */
  readonly unseen: readonly string[];
  /** Of a target: tables of which some rows were tried, because they are large. */
  readonly sampled?: readonly SampledTable[] | undefined;
  /** Those in the data where their differences are told in numbers alone, and decide nothing; they are not among `people`. */
  readonly unjudged?: { readonly people: number; readonly reason: string } | undefined;
  /** Why it failed beside the differences. */
  readonly reasons: readonly string[];
}

export interface SampledTable {
  readonly table: string;
  /** Rows that were tried. */
  readonly rows: number;
  /** Those of them that were found again after the fix. */
  readonly found: number;
}

/** An object of the catalog that the fix makes, takes away or changes. */
export interface DefinitionChange {
  /** `policy own_notes on public.notes` */
  readonly object: string;
  /** null: it was not there, or is not there any more. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What the fix does to a database's catalog. */
export interface ChangesResult {
  /** fail: it is not what was planned. */
  readonly outcome: Verdict;
  readonly changes: readonly DefinitionChange[];
  /** Objects that change otherwise than the plan says; empty without a plan. */
  readonly unplanned: readonly string[];
}

export interface RerunResult {
  readonly outcome: Verdict;
  /** Identities of catalog objects that the second run added, removed or changed. */
  readonly changedObjects: readonly string[];
  /** Tables whose content differs after the second run. */
  readonly changedTables: readonly string[];
  readonly rowsWritten: number;
  readonly problem: SqlProblem | null;
}

/** One rollback that was tried, and undone. */
export interface TriedRollback {
  /** What it says is in the way before it does anything; empty: it returned. */
  readonly refused: readonly string[];
  /** What its user has to choose, as options of the command line. */
  readonly chosen: readonly string[];
  /** What is not exactly as it was and cannot be, or stays of the deployment: a sentence each, its own. */
  readonly kept: readonly string[];
  /** Definitions, tables and people's reach that are not what they were, and that it did not say. */
  readonly differing: readonly string[];
  /** Rows of before the deployment, and how many of them are there again as they were. */
  readonly rows: { readonly before: number; readonly returned: number };
  /** Rows that the application wrote in between, and how many of them are there. */
  readonly since: { readonly written: number; readonly kept: number };
  /** Something that went wrong at the rollback, or when the fix was applied again. */
  readonly problem: SqlProblem | null;
}

/** What a rollback would come to, found out on a database of our own. */
export interface RollbackResult {
  /** `refused`: it says itself, before it does anything, that it cannot return. */
  readonly outcome: Verdict | 'refused';
  /** Right after the deployment. */
  readonly plain: TriedRollback;
  /** After the application was used in between. */
  readonly used: TriedRollback | Skipped;
  /** Definitions of the database as it was, each of which was compared. */
  readonly definitions: number;
  /** Who was tried as before the deployment and after the rollback. */
  readonly people: number;
  /** Checks that pass when the fix is applied once more, and those that passed the first time. */
  readonly again: { readonly passed: number; readonly planned: number } | Skipped;
}

export type LeftOutKind =
  | 'extension'
  | 'role'
  | 'owner'
  | 'comment'
  | 'event trigger'
  | 'default privileges'
  | 'database'
  | 'setting'
  | 'host'
  | 'not copied';

/** A statement of `before` that could not be run for a reason of the host's. */
export interface LeftOut {
  readonly path: string;
  readonly line: number;
  readonly kind: LeftOutKind;
  /** The statement, shortened, without values. */
  readonly statement: string;
  readonly reason: string;
  /** Whether the fix can meet what is missing, and where; null: it cannot. */
  readonly meets: string | null;
}

/** What became of the statements of `before`. */
export interface LoadingResult {
  /** fail: a statement could not be run for another reason, or one was left out and nothing may be. */
  readonly outcome: Verdict;
  readonly statements: number;
  readonly loaded: number;
  /** Brought by COPY. */
  readonly rows: number;
  readonly leftOut: readonly LeftOut[];
  /** What was made because the statements ask for it and do not hold it: a role, accounts. */
  readonly added: readonly string[];
  /** Files with SQL in the folders that were given, which no rule of their tool's runs. */
  readonly leftAlone?: readonly string[] | undefined;
  /** Where the server is another than the one that it is for. */
  readonly misfits?: readonly string[] | undefined;
}

/** Everything found out about one database: a state of the bundle, or the target. */
export interface SubjectResult {
  readonly kind: 'state' | 'target';
  readonly name: string;
  readonly title: string;
  readonly outcome: Verdict;
  /** Why it failed outside its stages: the state did not load, the connection was lost. */
  readonly problem: SqlProblem | null;
  readonly loading: LoadingResult | Skipped;
  readonly preflight: PreflightResult | Skipped;
  readonly checks: readonly CheckComparison[];
  readonly apply: ApplyResult | Skipped;
  readonly refusal: RefusalResult | Skipped;
  readonly scenarios: ScenariosResult | Skipped;
  readonly preservation: PreservationResult | Skipped;
  readonly access: AccessResult | Skipped;
  /** Of several states one tells it. */
  readonly changes: ChangesResult | Skipped;
  readonly rerun: RerunResult | Skipped;
  /** Of a state; absent in reports of older versions. */
  readonly rollback?: RollbackResult | Skipped | undefined;
  /** Of a rehearsal and a plan. */
  readonly impact?: ImpactResult | undefined;
  /** Of a target: whether it was changed. `unknown`: the connection was lost at the commit, and nobody could be asked. */
  readonly committed?: 'yes' | 'no' | 'unknown' | undefined;
  readonly milliseconds: number;
}

/** Checks and scenarios, tried where there is nothing that they could look at. */
export interface ControlsResult {
  readonly planned: number;
  readonly executed: number;
  /** Those that passed all the same, by number and title. */
  readonly blind: readonly string[];
  /** The file and line that ended the session there, so that the rest could not be tried, with what Postgres said. */
  readonly endedBy?: string | undefined;
}

/** What a target is told by, whatever address leads to it. */
export interface TargetIdentity {
  /** The project's reference, or `HOST:PORT/DATABASE`. */
  readonly place: string;
  /** Of the server's data, where it may be asked, and of the database in it. */
  readonly system: string | null;
  readonly database: string;
  readonly role: string;
}

/** What was approved: a deployment with it does this, or nothing. */
export interface DeploymentPlan {
  readonly formatVersion: 2;
  readonly plannedAt: string;
  readonly bundle: { readonly title: string; readonly digest: string };
  readonly sections: readonly number[];
  readonly settings: readonly Pick<BundleSetting, 'name' | 'value'>[];
  readonly target: TargetIdentity;
  /** Object → digest of its definition, of the whole database as it was. */
  readonly catalog: Readonly<Record<string, string>>;
  readonly changes: readonly DefinitionChange[];
}

/** How somebody can go back from a deployment, found out before it began. */
export interface BackupResult {
  readonly kind: 'dump' | 'copy' | 'confirmed' | 'none';
  /** What somebody said of the backup that they have. */
  readonly note: string | null;
  /** null: none was taken by us. */
  readonly taken: TakenBackup | null;
}

/** It was restored into a throwaway Postgres, and its rows and definitions were those of the database. */
export interface TakenBackup {
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** The address of the artifact that it was uploaded as, before anything was begun. */
  readonly artifact?: string | undefined;
  readonly isEncrypted: boolean;
  readonly tables: number;
  readonly rows: number;
  /** Definitions that were compared. */
  readonly objects: number;
  /** Of the Postgres that it was restored into. */
  readonly restoredOn: string;
  /** What is in the database and not in the backup, a sentence each. */
  readonly missing: readonly string[];
  /** What is in the backup and could not be tried there, a sentence each. */
  readonly untried: readonly string[];
  readonly milliseconds: number;
}

// The report.

/** Planned and executed are printed side by side: a run of zero tests has not passed. */
export interface Tally {
  readonly planned: number;
  readonly executed: number;
  readonly passed: number;
}

/** Which part of the states was rehearsed: the second of four, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export interface PostgresInfo {
  /** As the server says it: `17.10`. */
  readonly version: string;
  /** `url`, `installed`, `embedded`, `docker`, or `target`. */
  readonly source: string;
}

/** Something that a bundle names, a table, a column, a rule: where no state has it, nothing was proven by it. */
export interface NamedByBundle {
  /** As `seen` of a result has it. */
  readonly key: string;
  /** What to say where no state has it. */
  readonly sentence: string;
  /** Whether who reaches what had to be tried to find it. */
  readonly isOfAccess: boolean;
}

/** What all shards together were to rehearse: whoever joins them knows what is missing. */
export interface Dealt {
  /** What all of them together have to find; not there where they are not all states, or not the whole fix. */
  readonly named?: readonly NamedByBundle[] | undefined;
  readonly states: readonly string[];
  readonly subjects: number;
  readonly checks: number;
  readonly scenarios: number;
}

/** What the fix did and a proof found fault with; its own line is found by it. */
export interface Deed {
  readonly proof: 'rows' | 'access';
  readonly table: string;
  /** Of those that decide, the one it is about; null: none does. */
  readonly policy: string | null;
}

/** Where the fix does such a thing: the line to look at first. */
export interface CulpritPlace extends Deed {
  readonly path: string;
  readonly line: number;
}

export interface Report {
  /** Of the report's format; raised when a reader would break. */
  readonly formatVersion: 1;
  readonly command: 'rehearse' | 'plan' | 'deploy';
  readonly verdict: Verdict;
  /** Why the verdict is fail beside what the subjects say: no state was rehearsed, for instance. */
  readonly reasons: readonly string[];
  readonly bundle: {
    readonly title: string;
    readonly folder: string;
    readonly digest: string;
    /** There where the bundle's own states and platforms were run as a superuser, because somebody asked for it. */
    readonly isTrusted?: boolean | undefined;
  };
  readonly sections: {
    readonly numbers: readonly number[];
    /** Whether these are all; a part of the fix is not blamed for what it was not meant to repair. */
    readonly isWholeFix: boolean;
    readonly added: SectionChoice['added'];
  };
  /** Every setting of the bundle, with the value that the sections read. */
  readonly settings: readonly Pick<BundleSetting, 'name' | 'value' | 'isGiven'>[];
  /** The servers that were used: several where reports were merged. */
  readonly postgres: readonly PostgresInfo[];
  /** How many of the bundle's states were asked for; absent where none of them were, and in reports of older versions. */
  readonly states?: { readonly chosen: number; readonly ofBundle: number } | undefined;
  /** null: all states that were asked for. */
  readonly shard: (Shard & { readonly dealt?: Dealt | undefined }) | null;
  readonly tallies: {
    readonly subjects: Tally;
    readonly checks: Tally;
    readonly scenarios: Tally;
  };
  /** Checks and scenarios on a database with nothing but the platform in it: one that passes there looks at nothing. */
  readonly controls: ControlsResult;
  readonly subjects: readonly SubjectResult[];
  /** Of rows that were lost and doors that were opened; absent where there are none. */
  readonly culprits?: readonly CulpritPlace[] | undefined;
  /** The bundle's criteria; absent in reports of older versions. */
  readonly criteria?: readonly CriterionResult[] | undefined;
  /** What commands beside it have shown, where it was given. */
  readonly commands?: readonly CommandResult[] | undefined;
  /** Of a deployment to a target. */
  readonly backup?: BackupResult | undefined;
  /** There where the server was lost before the end; the reasons say so. */
  readonly isBrokenOff?: boolean | undefined;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly milliseconds: number;
}

// What is told while it happens.

export type StageName =
  | 'build'
  | 'preflight'
  | 'checks before'
  | 'apply'
  | 'checks after'
  | 'scenarios'
  | 'preservation'
  | 'access'
  | 're-run'
  | 'rollback';

export type ProgressEvent =
  | { readonly kind: 'postgres-starting'; readonly text: string }
  | { readonly kind: 'postgres-ready'; readonly postgres: PostgresInfo }
  /** Once, before the first of them. */
  | { readonly kind: 'subjects-planned'; readonly count: number }
  | { readonly kind: 'subject-started'; readonly subject: string; readonly title: string }
  | { readonly kind: 'stage-started'; readonly subject: string; readonly stage: StageName }
  | { readonly kind: 'notice'; readonly subject: string; readonly section: number; readonly text: string }
  /** A lock could not be had; `text` says who holds it. */
  | { readonly kind: 'waiting'; readonly subject: string; readonly text: string }
  /** How far the backup is. */
  | { readonly kind: 'backup'; readonly text: string }
  | { readonly kind: 'subject-finished'; readonly result: SubjectResult };

/** Called as things happen; must not throw. */
export type Progress = (event: ProgressEvent) => void;

/** The nouns: what a bundle is made of, what each stage finds out, and the report made of it. A file of `model/` each topic; they import nothing else. */

// How a stage ends: a verdict, or a reason why it was not run.

export type { Skipped, Verdict } from './model/verdict.js';

// A file of SQL, and an error brought back to it.

export type { SqlFile, SqlProblem } from './model/sql.js';

// A fix, read from a folder: the bundle, and the sections of it that are run.

export type {
  Actor,
  Bundle,
  Check,
  Expectation,
  Read,
  Scenario,
  Section,
  SectionChoice,
  Step,
} from './model/bundle.js';

// A database that a fix is rehearsed on: as a bundle brings it, or what somebody gives.

export type { BeforeFile, RowsOfBefore, State, StateExpectation } from './model/state.js';

// What the hosting adds to Postgres, and what stands in for its extensions.

export type { Origin, Platform, PlatformFile, StandIn } from './model/platform.js';

// What a bundle says of rows: what may become of them, and by what they are recognised.

export type { Fact, FactType, KeyedTables, Preserved, QuarantineRule } from './model/preserve.js';

// What the user of a fix may decide.

export type { BundleSetting, BundleSettingType, GivenSetting } from './model/setting.js';

// What a bundle says of people: who they are, what each may do, and what may differ.

export type {
  Access,
  AccessRule,
  AccessVerb,
  DeclaredDifference,
  IdleDifference,
} from './model/access-rules.js';

// When a deployment is a success, in the words of whoever asked for it, and what shows it.

export type {
  CommandResult,
  Criterion,
  CriterionResult,
  Evidence,
  MonitoredRate,
  Monitoring,
} from './model/criteria.js';

// What the fix does to sizes and times. No verdict depends on it.

export type { ImpactResult, ReadTiming, TableSize } from './model/impact.js';

// What became of a database that somebody gave.

export type { LeftOut, LeftOutKind, LoadingResult } from './model/loading.js';

// What was found before the fix.

export type { Finding, PreflightResult, TableCount } from './model/preflight.js';

// What checks and scenarios found, before the fix and after it.

export type {
  Assertion,
  CheckComparison,
  CheckResult,
  ControlsResult,
  ScenarioResult,
  ScenariosResult,
  StepResult,
} from './model/checks.js';

// What the fix did: its sections, the locks that it held, and the second run.

export type { ApplyResult, LockHeld, RefusalResult, RerunResult, SectionResult } from './model/applying.js';

// What became of every row and object.

export type {
  ComparisonResult,
  DifferenceWord,
  ExcusedValues,
  KeyChanges,
  LostRow,
  ObjectDifference,
  PreservationResult,
  PreservedResult,
  RowDifference,
} from './model/rows.js';

// Who can do what, before and after.

export type {
  AccessDifference,
  AccessResult,
  ReachResult,
  SampledTable,
  WithdrawnColumns,
} from './model/reach.js';

// What the fix makes, changes and takes away in the catalog.

export type { ChangesResult, DefinitionChange } from './model/changes.js';

// What a rollback would come to.

export type { RollbackResult, TriedRollback } from './model/rollback.js';

// A database that a fix is deployed to: what tells it from others, what was planned, and the backup.

export type { BackupResult, DeploymentPlan, TakenBackup, TargetIdentity } from './model/target.js';

// Everything that was found out about one database.

export type { SubjectResult } from './model/subject.js';

// The report of a run.

export type {
  CulpritPlace,
  Dealt,
  Deed,
  NamedByBundle,
  PostgresInfo,
  Report,
  Shard,
  Tally,
} from './model/report.js';

// What is told while it happens.

export type { Progress, ProgressEvent, StageName } from './model/progress.js';

/** What is told while it happens. */
import type { PostgresInfo } from './report.js';
import type { SubjectResult } from './subject.js';

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

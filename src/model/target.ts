/** A database that a fix is deployed to: what tells it from others, what was planned, and the backup. */
import type { DefinitionChange } from './changes.js';
import type { BundleSetting } from './setting.js';

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

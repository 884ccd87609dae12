/** The report of a run. */
import type { SectionChoice } from './bundle.js';
import type { ControlsResult } from './checks.js';
import type { CommandResult, CriterionResult } from './criteria.js';
import type { BundleSetting } from './setting.js';
import type { SubjectResult } from './subject.js';
import type { BackupResult } from './target.js';
import type { Verdict } from './verdict.js';

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
  /** That came, went or is another, where the table's shape differs. */
  readonly column?: string | undefined;
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

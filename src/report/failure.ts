/** One thing that went wrong, in the same shape whatever it was, so that every renderer can tell it. */
import type { SqlProblem } from '../model.js';

export interface Mismatch {
  readonly object: string;
  readonly expected: string;
  readonly actual: string;
}

export interface Failure {
  /** `Check 1: Foreign key` */
  readonly title: string;
  /** A sentence, where there is more to say than the parts below. */
  readonly reason: string | null;
  /** The bundle's file to look at first. */
  readonly path: string | null;
  readonly line: number | null;
  readonly problem: SqlProblem | null;
  readonly mismatches: readonly Mismatch[];
  /** Rows lost, objects changed: one line each. */
  readonly items: readonly string[];
}

/** Where a SQL error is known, its place is the place of the failure. */
export function failure(title: string, parts: Partial<Omit<Failure, 'title'>>): Failure {
  const problem = parts.problem ?? null;
  return {
    title,
    reason: parts.reason ?? null,
    path: problem?.path ?? parts.path ?? null,
    line: problem?.line ?? parts.line ?? null,
    problem,
    mismatches: parts.mismatches ?? [],
    items: parts.items ?? [],
  };
}

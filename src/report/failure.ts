/** One thing that went wrong, in the same shape whatever it was, so that every renderer can tell it. */
import type { Deed, SqlProblem } from '../model.js';

export interface Mismatch {
  readonly object: string;
  readonly expected: string;
  readonly actual: string;
}

/** What the fix asks for before it does anything: nothing broke, and somebody has to say. */
export interface AskedFirst {
  /** `4 to be decided first` */
  readonly what: string;
  /** Each of them, as the fix words it. */
  readonly decisions: readonly string[];
  /** How to decide. */
  readonly how: string | null;
}

/** The line above the decisions. */
export function introduceAsked({ what }: AskedFirst): string {
  return `What to decide, before anything is changed${what === '' ? '' : ` (${what})`}:`;
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
  /** Where no place is known: what to look for one by; its line is then one to look at, not surely the cause. */
  readonly about: Deed | null;
  /** In place of a problem, where the fix refused. */
  readonly asked: AskedFirst | null;
  readonly mismatches: readonly Mismatch[];
  /** Rows lost, objects changed: one line each. */
  readonly items: readonly string[];
  /** What to do about it, where Postgres does not say. */
  readonly advice: string | null;
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
    about: parts.about ?? null,
    asked: parts.asked ?? null,
    mismatches: parts.mismatches ?? [],
    items: parts.items ?? [],
    advice: parts.advice ?? null,
  };
}

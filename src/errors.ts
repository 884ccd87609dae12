/** The kinds of error that a person can act on; anything else that is thrown is a bug of ours. */
import type { SqlProblem } from './model.js';

/** 2: settings or bundle are wrong. 3: the work could not be done (no server, connection lost, permission). */
export type UserErrorExitCode = 2 | 3;

/** Something that the reader can put right. The message is the whole output: what happened, where, what to do. */
export class UserError extends Error {
  readonly exitCode: UserErrorExitCode;

  constructor(message: string, options: { exitCode?: UserErrorExitCode; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'UserError';
    this.exitCode = options.exitCode ?? 2;
  }
}

/** What went wrong first, and what went wrong when it was to be undone. */
export function withSecond(first: unknown, second: unknown): AggregateError {
  const message = first instanceof Error ? first.message : String(first);
  return new AggregateError([first, second], message, { cause: first });
}

/** What lies in no line of a file. `path` names it; `sqlstate` is what Postgres calls the like. */
export function describeProblem({
  path,
  sqlstate,
  message,
  detail = null,
  advice = null,
}: Pick<SqlProblem, 'path' | 'sqlstate' | 'message'> &
  Partial<Pick<SqlProblem, 'detail' | 'advice'>>): SqlProblem {
  return { path, line: null, column: null, snippet: null, sqlstate, message, detail, hint: null, advice };
}

/** A statement of a bundle failed; the problem says in which file, line and column. */
export class SqlError extends Error {
  readonly problem: SqlProblem;
  readonly statement: string | null;

  constructor(problem: SqlProblem, options: { cause?: unknown; statement?: string | null } = {}) {
    super(`${problem.path}: ${problem.message}`, { cause: options.cause });
    this.name = 'SqlError';
    this.problem = problem;
    this.statement = options.statement ?? null;
  }
}

/** Something went wrong once it had come to the commit: what became of the database is told first. */
export class AfterCommit extends Error {
  constructor(
    readonly committed: 'yes' | 'unknown',
    readonly error: unknown,
  ) {
    super(error instanceof Error ? error.message : String(error), { cause: error });
    this.name = 'AfterCommit';
  }
}

/** The commit was sent and not answered, and nobody could be asked what became of it. */
export class CommitUnknown extends SqlError {}

/**
 * A transaction of the engine's was ended by what ran in it. No `SqlError`, which may end one check or one step alone: whatever
 * is under way must stop, because what it believes to be undone at the end may be there for good.
 */
export class TransactionEnded extends Error {
  readonly problem: SqlProblem;

  constructor(problem: SqlProblem) {
    super(`${problem.path}: ${problem.message}`);
    this.name = 'TransactionEnded';
    this.problem = problem;
  }
}

/** What ended the work → what is told of it, or null for a mistake of ours, which needs its stack. */
import { isDatabaseError, isLostConnection } from '../database/database-error.js';
import { locateProblem } from '../database/locate-problem.js';
import { describeProblem, SqlError, UserError } from '../errors.js';
import type { SqlProblem } from '../model.js';

/** `path`: what was ended, before its commit. */
export function describeEnding(error: unknown, path: string): SqlProblem | null {
  // What went wrong first; the rest came of it.
  if (error instanceof AggregateError) return describeEnding(error.errors[0], path);
  if (error instanceof SqlError) return error.problem;
  if (isLostConnection(error)) {
    const message = `The connection to Postgres was lost (${error.message}), so the server has rolled back.`;
    return describeProblem({
      path,
      sqlstate: codeOf(error) ?? connectionFailure,
      message,
      advice: 'Try again.',
    });
  }
  if (isDatabaseError(error)) return locateProblem(error, { file: { path, text: '' }, statement: null });
  if (error instanceof UserError)
    return describeProblem({ path, sqlstate: notInPrerequisiteState, message: error.message });
  return null;
}

const connectionFailure = '08006';
const notInPrerequisiteState = '55000';

function codeOf(error: Error): string | null {
  return isDatabaseError(error) ? (error.code ?? null) : null;
}

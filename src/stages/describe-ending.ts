/** What ended a deployment before its commit → what is told of it, or null for a mistake of ours, which needs its stack. */
import { isDatabaseError, isLostConnection } from '../database/database-error.js';
import { locateProblem } from '../database/locate-problem.js';
import { SqlError, UserError } from '../errors.js';
import type { SqlProblem } from '../model.js';

export function describeEnding(error: unknown): SqlProblem | null {
  if (error instanceof SqlError) return error.problem;
  if (isLostConnection(error)) {
    const message = `The connection to Postgres was lost (${error.message}), so the server has rolled back.`;
    return { ...nowhere, sqlstate: codeOf(error) ?? connectionFailure, message, advice: 'Try again.' };
  }
  if (isDatabaseError(error))
    return locateProblem(error, { file: { path: where, text: '' }, statement: null });
  if (error instanceof UserError)
    return { ...nowhere, sqlstate: notInPrerequisiteState, message: error.message };
  return null;
}

const where = 'the deployment';
const nowhere = {
  path: where,
  line: null,
  column: null,
  snippet: null,
  detail: null,
  hint: null,
  advice: null,
};
const connectionFailure = '08006';
const notInPrerequisiteState = '55000';

function codeOf(error: Error): string | null {
  return isDatabaseError(error) ? (error.code ?? null) : null;
}

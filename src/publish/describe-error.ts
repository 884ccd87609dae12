/** Whatever was thrown → what a person is told, and the exit code. */
import { adviceFor } from '../database/advice.js';
import { isDatabaseError, isLostConnection } from '../database/database-error.js';
import { SqlError, TransactionEnded, UserError } from '../errors.js';

export interface ErrorDescription {
  readonly text: string;
  readonly exitCode: number;
}

const workNotDone = 3;

/** A stack trace is for us: it is shown only where somebody asked for details. `detailsAt` says how to ask. */
export function describeError(
  error: unknown,
  { isVerbose, detailsAt }: { readonly isVerbose: boolean; readonly detailsAt: string },
): ErrorDescription {
  if (error instanceof UserError) return { text: error.message, exitCode: error.exitCode };
  if (error instanceof SqlError || error instanceof TransactionEnded)
    return { text: describeSqlError(error), exitCode: workNotDone };
  const message = error instanceof Error ? error.message : String(error);
  if (isLostConnection(error)) {
    const text = `The connection to Postgres was lost (${message}). What was not committed is rolled back. Try again.`;
    return { text, exitCode: workNotDone };
  }
  if (isDatabaseError(error)) {
    const advice = adviceFor(error.code ?? '', error.message);
    const said = `Postgres refused (${error.code}): ${error.message}.`;
    const text = [said, error.hint, advice].filter(Boolean).join(' ');
    return { text, exitCode: workNotDone };
  }
  const text = `Something went wrong that should not: ${message}. Please report it with the output of ${detailsAt}.`;
  const stack = isVerbose && error instanceof Error ? `\n${error.stack}` : '';
  return { text: text + stack, exitCode: workNotDone };
}

function describeSqlError({ problem }: SqlError | TransactionEnded): string {
  const place = [problem.path, problem.line, problem.column].filter((part) => part !== null).join(':');
  const lines = [
    `${place}: ${problem.sqlstate} ${problem.message}`,
    problem.snippet,
    problem.hint,
    problem.advice,
  ];
  return lines.filter((line) => line !== null).join('\n');
}

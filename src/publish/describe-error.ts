/** Whatever was thrown → what a person is told, and the exit code. */
import { adviceFor } from '../database/advice.js';
import { isDatabaseError, isLostConnection } from '../database/database-error.js';
import { AfterCommit, SqlError, TransactionEnded, UserError } from '../errors.js';
import { defuseWorkflowCommands, makeLinesVisible } from '../report/escape.js';

export interface ErrorDescription {
  readonly text: string;
  readonly exitCode: number;
}

const workNotDone = 3;

interface Details {
  readonly isVerbose: boolean;
  /** How to ask for details. */
  readonly detailsAt: string;
}

/**
 * A stack trace is for us: it is shown only where somebody asked for details. A message quotes file names, addresses and SQL
 * of others, so what cannot be seen in it is written out, and the runner is given no command.
 */
export function describeError(error: unknown, details: Details): ErrorDescription {
  const { text, exitCode } = describe(error, details);
  return { text: defuseWorkflowCommands(makeLinesVisible(text).join('\n')), exitCode };
}

function describe(error: unknown, { isVerbose, detailsAt }: Details): ErrorDescription {
  if (error instanceof AfterCommit) {
    const { text } = describe(error.error, { isVerbose, detailsAt });
    return { text: `${sayFate[error.committed]} Then something went wrong: ${text}`, exitCode: workNotDone };
  }
  if (error instanceof UserError) return { text: error.message, exitCode: error.exitCode };
  if (error instanceof SqlError || error instanceof TransactionEnded)
    return { text: describeSqlError(error), exitCode: workNotDone };
  const message = error instanceof Error ? error.message : String(error);
  if (isLostConnection(error)) {
    const text = `The connection to Postgres was lost: ${whyLost(message)}. What was not committed is rolled back. Try again.`;
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

const sayFate = {
  yes: 'The database was changed: it is committed, and stays so.',
  unknown:
    'Nobody knows whether the database was changed: look there (schema-fix plan says what is missing).',
} as const;

/** What the server said at its end; the driver's own words tell nobody anything. */
function whyLost(message: string): string {
  return /^Connection terminated|not queryable|ECONNRESET|EPIPE/.test(message)
    ? 'the server was stopped, killed or restarted, or the network broke'
    : message.replace(/\.$/, '');
}

function describeSqlError({ problem }: SqlError | TransactionEnded): string {
  const place = [problem.path, problem.line, problem.column].filter((part) => part !== null).join(':');
  const lines = [
    `${place}: ${problem.sqlstate} ${problem.message}`,
    problem.snippet,
    problem.inner ?? null,
    problem.hint,
    problem.advice,
  ];
  return lines.filter((line) => line !== null).join('\n');
}

/** What the server itself refused, told from a lost connection or a bug of ours. */
import pg from 'pg';
import { SqlError } from '../errors.js';

export type DatabaseError = pg.DatabaseError;

export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof pg.DatabaseError;
}

/** lock_not_available, deadlock_detected, serialization_failure: somebody else was there first, so another try may succeed. */
const passing = ['55P03', '40P01', '40001'];

export const isPassingState = (sqlstate: string | undefined): boolean => passing.includes(sqlstate ?? '');

export function isPassing(error: unknown): boolean {
  return isDatabaseError(error) && isPassingState(error.code);
}

/** query_canceled, lock_not_available: it was not done within the limits of its transaction. */
export const isUnfinished = ({ code = '' }: DatabaseError): boolean => ['57014', '55P03'].includes(code);

/**
 * Whether a function has put the message together, of whatever there is: by `raise` or `assert`, or in another language than
 * PL/pgSQL, whose sources have names such as `plpy_elog.c`.
 */
export const isRaised = ({ routine = '', file = '' }: DatabaseError): boolean =>
  /^exec_stmt_(raise|assert)$/.test(routine) || /^pl(py_|perl|tcl|v8|r|java|rust|sh|lua)/.test(file);

/** admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout; and connection_exception. */
const lastWords = /^(57P0|08)/;

/** Of a socket, as the system and TLS call it. */
const broken =
  /^(ECONN(RESET|ABORTED)|EPIPE|ETIMEDOUT|ENET(DOWN|RESET|UNREACH)|EHOST(DOWN|UNREACH)|ERR_SSL_\w+)$/;

/** Whether the session is over: its connection broke, or the server ended it and said so. */
export function isLostConnection(error: unknown): error is Error {
  if (isDatabaseError(error)) return lastWords.test(error.code ?? '');
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return broken.test(String(code)) || /^Connection terminated|not queryable/.test(String(message));
}

/** One statement was refused, and the session goes on; where that statement has ended the session, nothing else can be asked in it. */
export const isRefused = (error: unknown): error is SqlError =>
  error instanceof SqlError && !isLostConnection(error.cause);

/** connection_exception, insufficient_resources, operator_intervention by a shutdown: no other database would fare better. */
const serverTrouble = /^(08|53|57P)/;

export function isServerTrouble({ code }: DatabaseError): boolean {
  return serverTrouble.test(code ?? '');
}

/** The nouns of this folder: what is asked for, and the server that is handed over. */
import type { PostgresInfo, Progress } from '../model.js';
import type { PostgresSettings } from '../settings/settings.js';
import type { ConnectionSettings } from './connection.js';

export type { PostgresSource } from '../settings/settings.js';

export type ServerRequest = PostgresSettings;

export interface Server {
  readonly info: PostgresInfo;
  /** A superuser, connected to the database `postgres` or the one that `postgres-url` names. */
  readonly connection: ConnectionSettings;
}

export interface ServerOptions {
  readonly progress: Progress;
  /** Once it is aborted a server of our own is stopped, whatever the work is doing. */
  readonly signal: AbortSignal;
}

/** One place where a server may come from: hands one to the work, or throws `CannotServe` before the work begins. */
export type Source = <T>(
  request: ServerRequest,
  options: ServerOptions,
  work: (server: Server) => Promise<T>,
) => Promise<T>;

/** Why a source has no server to give; with `auto` the next one is asked. */
export class CannotServe extends Error {
  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(reason, options);
    this.name = 'CannotServe';
  }
}

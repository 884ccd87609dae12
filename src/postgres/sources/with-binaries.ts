/** Runs a server from a folder of binaries for as long as the work takes. */
import type { Binaries } from '../binaries/binaries.js';
import { findServerAccount, type ServerAccount } from '../processes/server-account.js';
import { CannotServe, type Server, type ServerOptions } from '../server.js';
import { withSupervisor } from '../with-supervisor.js';
import { describeStartedServer } from './started-server.js';

export interface BinariesSource {
  readonly name: 'installed' | 'embedded';
  /** Gives binaries that the account can run, or throws `CannotServe`. */
  readonly find: (account: ServerAccount | null) => Promise<Binaries>;
}

export async function withBinaries<T>(
  { name, find }: BinariesSource,
  { progress, signal }: ServerOptions,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  const account = findAccount();
  const { folder, major, version } = await find(account);
  progress({ kind: 'postgres-starting', text: `Starting Postgres ${version} (${name})` });
  const job = { kind: 'start-server', binaries: folder, major, account } as const;
  return withSupervisor<'start-server', T>(job, signal, async (started) => {
    const server = describeStartedServer(started, name);
    progress({ kind: 'postgres-ready', postgres: server.info });
    return work(server);
  });
}

function findAccount(): ServerAccount | null {
  try {
    return findServerAccount();
  } catch (error: unknown) {
    throw new CannotServe(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

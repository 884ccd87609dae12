/** The job of a supervisor that starts a server from binaries: initialise it in a private directory, keep it, remove it. */
import { randomBytes } from 'node:crypto';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerAccount } from '../processes/server-account.js';
import { chooseDirectoryParent, listDirectoryParents } from './directory-parents.js';
import { findFreePort } from './find-free-port.js';
import { initialiseData } from './initialise-data.js';
import type { StartedServer, StartServer, Supervision } from './job.js';
import { withPostmaster } from './postmaster.js';
import { withPrivateDirectory } from './private-directory.js';
import type { ServerAddress } from './server-settings.js';
import { sweep } from './sweep.js';
import { waitForServer } from './wait-for-server.js';

const SUPERUSER = 'schema_fix_admin';

/** Far more than it takes; a server that cannot start dies at once. */
const PATIENCE_MILLISECONDS = 60_000;

export async function startServer(
  { binaries, major, account }: StartServer,
  { signal, answer }: Supervision<StartedServer>,
): Promise<void> {
  const password = randomBytes(24).toString('base64url');
  const parent = await chooseDirectoryParent();
  await withPrivateDirectory({ parent, mode: account === null ? 0o700 : 0o711 }, async (directory) => {
    const data = await makeFolder(join(directory, 'data'), account);
    const address = await chooseAddress(directory, account);
    const server = { binaries, major, account, data, address, superuser: { name: SUPERUSER, password } };
    await initialiseData(server, signal);
    await withPostmaster(server, signal, async (died) => {
      const connection = { ...address, user: SUPERUSER, password };
      const readiness = { answers: 1, patienceMilliseconds: PATIENCE_MILLISECONDS, signal };
      const version = await Promise.race([waitForServer(connection, readiness), died]);
      answer({ ...connection, version });
      await sweep(listDirectoryParents());
      await died;
    });
  });
}

async function chooseAddress(directory: string, account: ServerAccount | null): Promise<ServerAddress> {
  if (process.platform === 'win32') return { host: '127.0.0.1', port: await findFreePort() };
  return { host: await makeFolder(join(directory, 'socket'), account), port: 5432 };
}

async function makeFolder(path: string, account: ServerAccount | null): Promise<string> {
  await mkdir(path, { mode: 0o700 });
  if (account !== null) await chown(path, account.uid, account.gid);
  return path;
}

/** The job of a supervisor that runs an image of Postgres with docker: keep the container while it is needed, remove it. */
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeServerFailure } from '../processes/describe-server-failure.js';
import { spawnGroup } from '../processes/process-group.js';
import { rejectWhenDead } from '../processes/reject-when-dead.js';
import { untilAborted } from '../until-aborted.js';
import { chooseDirectoryParent, listDirectoryParents } from './directory-parents.js';
import { findPublishedPort, OWNER_LABEL, pullUnlessThere, readSuperuser, removeContainer } from './docker.js';
import { JobFailure, type StartContainer, type StartedServer, type Supervision } from './job.js';
import { withPrivateDirectory } from './private-directory.js';
import { sweep } from './sweep.js';
import { nameOwner, sweepContainers } from './sweep-containers.js';
import { waitForServer } from './wait-for-server.js';

const POLL_MILLISECONDS = 50;

/** The official image starts a server to initialise the data, and another one to stay. */
const ANSWERS_BEFORE_TRUSTED = 2;

/** An image may run hundreds of migrations before its server stays. */
const PATIENCE_MILLISECONDS = 180_000;

export async function startContainer(
  { docker, image }: StartContainer,
  { signal, answer }: Supervision<StartedServer>,
): Promise<void> {
  await pullUnlessThere(docker, image, signal);
  await sweep(listDirectoryParents());
  await sweepContainers(docker);
  const user = await readSuperuser(docker, image);
  const password = randomBytes(24).toString('base64url');
  const parent = await chooseDirectoryParent();
  await withPrivateDirectory({ parent, mode: 0o700 }, async (directory) => {
    const container = { docker, image, name: basename(directory), owner: nameOwner(directory), password };
    await withContainer(container, signal, async (died) => {
      const port = await Promise.race([waitForPort(docker, container.name, signal), died]);
      const connection = { host: '127.0.0.1', port, user, password };
      const readiness = {
        answers: ANSWERS_BEFORE_TRUSTED,
        patienceMilliseconds: PATIENCE_MILLISECONDS,
        signal,
      };
      const version = await Promise.race([waitForServer(connection, readiness), died]);
      answer({ ...connection, version });
      await died;
    });
  });
}

interface Container {
  readonly docker: string;
  readonly image: string;
  readonly name: string;
  readonly owner: string;
  readonly password: string;
}

/** Run in the foreground: what the server says can be told if it dies. The password is not among the arguments. */
async function withContainer<T>(
  { docker, image, name, owner, password }: Container,
  signal: AbortSignal,
  work: (died: Promise<never>) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const args = [
    ...['run', '--rm', '--name', name, '--label', `${OWNER_LABEL}=${owner}`],
    ...['--publish', '127.0.0.1::5432', '--env', 'POSTGRES_PASSWORD', image],
  ];
  const client = spawnGroup(docker, args, { env: { ...process.env, POSTGRES_PASSWORD: password } });
  const describe = (log: string) => new JobFailure(describeServerFailure(`the container of ${image}`, log));
  const died = rejectWhenDead(client, describe);
  try {
    return await untilAborted(signal, () => Promise.race([work(died), died]));
  } finally {
    await removeContainer(docker, name);
    // Had it not created the container yet, it may have done so since.
    await client.stop({ signal: 'SIGTERM', patienceMilliseconds: 5_000 });
    await removeContainer(docker, name);
  }
}

async function waitForPort(docker: string, name: string, signal: AbortSignal): Promise<number> {
  for (;;) {
    const port = await findPublishedPort(docker, name);
    if (port !== null) return port;
    await sleep(POLL_MILLISECONDS, undefined, { signal });
  }
}

/** The few things that are asked of the docker command line. */

import { type CommandResult, runCommand } from '../processes/run-command.js';
import { JobFailure } from './job.js';

/** On each container of ours; its value says where to look whether its supervisor lives. */
export const OWNER_LABEL = 'schema-fix-action.owner';

const CONTAINER_PORT = '5432/tcp';

/** Throws what docker said where it fails, and where there is no docker. */
export async function askDocker(
  docker: string,
  args: readonly string[],
  options: { signal?: AbortSignal } = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await runDocker(docker, args, options);
  if (exitCode === 0) return stdout.trim();
  throw new JobFailure(`docker ${args[0]} failed: ${stderr.trim() || stdout.trim()}`);
}

async function runDocker(
  docker: string,
  args: readonly string[],
  options: { signal?: AbortSignal },
): Promise<CommandResult> {
  try {
    return await runCommand(docker, args, options);
  } catch (error: unknown) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new JobFailure(`there is no ${docker} on PATH`, { cause: error });
  }
}

/** May take minutes; nothing is asked of the registry where the image is there already. */
export async function pullUnlessThere(docker: string, image: string, signal: AbortSignal): Promise<void> {
  const { exitCode } = await runDocker(docker, ['image', 'inspect', image], { signal });
  if (exitCode !== 0) await askDocker(docker, ['pull', '--quiet', image], { signal });
}

/** The loopback port that docker chose, or null while the container is not that far. */
export async function findPublishedPort(docker: string, container: string): Promise<number | null> {
  const { stdout } = await runDocker(docker, ['port', container, CONTAINER_PORT], {});
  const port = /:(\d+)\s*$/m.exec(stdout)?.[1];
  return port === undefined ? null : Number(port);
}

/** Images choose their own superuser: `supabase/postgres` has `supabase_admin`, the official one `postgres`. */
export async function readSuperuser(docker: string, image: string): Promise<string> {
  const environment = await askDocker(docker, [
    'image',
    'inspect',
    '--format',
    '{{json .Config.Env}}',
    image,
  ]);
  const variables = (JSON.parse(environment) ?? []) as string[];
  return variables.find((variable) => variable.startsWith('POSTGRES_USER='))?.split('=')[1] || 'postgres';
}

/** Does nothing where there is no such container (any more). */
export async function removeContainer(docker: string, container: string): Promise<void> {
  const { exitCode, stderr } = await runDocker(docker, ['rm', '--force', '--volumes', container], {});
  if (exitCode !== 0 && !/no such container|removal of container .* is already in progress/i.test(stderr)) {
    throw new JobFailure(`docker rm ${container} failed: ${stderr.trim()}`);
  }
}

/** The containers of ours, with the value of their label. */
export async function listContainers(docker: string): Promise<{ id: string; owner: string }[]> {
  const format = `{{.ID}} {{.Label "${OWNER_LABEL}"}}`;
  const list = await askDocker(docker, [
    'ps',
    '--all',
    '--filter',
    `label=${OWNER_LABEL}`,
    '--format',
    format,
  ]);
  return list
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', ...owner] = line.split(' ');
      return { id, owner: owner.join(' ') };
    });
}

/** A server of our own in a container, for what only an image has (`supabase/postgres`). */
import { DEFAULT_MAJOR, parseMajor } from '../majors.js';
import { CannotServe, type Source } from '../server.js';
import { withSupervisor } from '../with-supervisor.js';
import { describeStartedServer } from './started-server.js';

/** `DOCKER` names another program with the same command line, podman for instance. */
export const withDockerServer: Source = async ({ image, major }, { progress, signal }, work) => {
  const chosen = image ?? `postgres:${major ?? DEFAULT_MAJOR}`;
  progress({ kind: 'postgres-starting', text: `Starting a container of ${chosen}` });
  const job = { kind: 'start-container', docker: process.env.DOCKER || 'docker', image: chosen } as const;
  return withSupervisor(job, signal, async (started) => {
    if (major !== null && parseMajor(started.version) !== major) {
      throw new CannotServe(`${chosen} is Postgres ${started.version}, and ${major} is asked for`);
    }
    const server = describeStartedServer(started, 'docker');
    progress({ kind: 'postgres-ready', postgres: server.info });
    return work(server);
  });
};

/** Gives the work a Postgres server from the first source that has one of the asked version, and takes it away afterwards. */
import { UserError } from '../errors.js';
import { assertSupportedMajor } from './majors.js';
import { CannotServe, type Server, type ServerOptions, type ServerRequest, type Source } from './server.js';
import { withDockerServer } from './sources/docker.js';
import { withEmbeddedServer } from './sources/embedded.js';
import { withInstalledServer } from './sources/installed.js';
import { withUrlServer } from './sources/url.js';

export type { PostgresSource, Server, ServerOptions, ServerRequest } from './server.js';

/** In the order in which `auto` asks them: what is there already before what has to be fetched. */
const SOURCES = {
  url: withUrlServer,
  installed: withInstalledServer,
  embedded: withEmbeddedServer,
  docker: withDockerServer,
} as const satisfies Record<string, Source>;

const ADVICE = 'One of these is enough. A server that is there already can be given as postgres-url.';

/**
 * Errors of the work pass through unchanged. Throws a `UserError` that lists every source and why it has no server, or the
 * signal's reason once that is aborted.
 */
export async function withServer<T>(
  request: ServerRequest,
  options: ServerOptions,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  if (request.major !== null) assertSupportedMajor(request.major);
  if (request.source === 'url' && request.url === null) {
    throw new UserError(
      'postgres-source is url, but there is no postgres-url. Give the address of the server.',
    );
  }
  const refusals: string[] = [];
  for (const name of listSources(request)) {
    try {
      return await SOURCES[name](request, options, work);
    } catch (error: unknown) {
      if (!(error instanceof CannotServe)) throw error;
      refusals.push(`  ${name}: ${error.message}`);
    }
  }
  throw new UserError([`No ${describeWish(request)} could be had.`, ...refusals, ADVICE].join('\n'), {
    exitCode: 3,
  });
}

/** A `postgres-url` that was given is the wish of whoever gave it: if it cannot serve, nothing else does in its stead. */
function listSources({ source, url }: ServerRequest): (keyof typeof SOURCES)[] {
  if (source !== 'auto') return [source];
  return url === null ? ['installed', 'embedded', 'docker'] : ['url'];
}

function describeWish({ major }: ServerRequest): string {
  return major === null ? 'Postgres server' : `server of Postgres ${major}`;
}

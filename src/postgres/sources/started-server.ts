/** A server that a supervisor started, as it is handed to the work. */

import type { StartedServer } from '../jobs/job.js';
import type { Server } from '../server.js';

export function describeStartedServer({ version, ...connection }: StartedServer, source: string): Server {
  return {
    info: { version, source },
    connection: {
      ...connection,
      database: 'postgres',
      ssl: false,
      isSslOptional: false,
      sslWarning: null,
      connectionTimeoutMillis: 10_000,
    },
  };
}

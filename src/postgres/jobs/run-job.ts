/** Which job is which function. */
import { installBinaries } from './install-binaries.js';
import type { Job, Supervision } from './job.js';
import { startContainer } from './start-container.js';
import { startServer } from './start-server.js';

export function runJob(job: Job, supervision: Supervision<unknown>): Promise<void> {
  switch (job.kind) {
    case 'start-server':
      return startServer(job, supervision);
    case 'start-container':
      return startContainer(job, supervision);
    case 'install-binaries':
      return installBinaries(job, supervision);
  }
}

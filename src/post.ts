/**
 * The action's last step, also after a cancellation: removes what a run left behind whose supervisor was killed with it.
 * A supervisor that lives cleans up after itself and is left alone.
 */
import { delimiter } from 'node:path';
import * as core from '@actions/core';
import { listDirectoryParents } from './postgres/jobs/directory-parents.js';
import { JobFailure } from './postgres/jobs/job.js';
import { sweep } from './postgres/jobs/sweep.js';
import { sweepContainers } from './postgres/jobs/sweep-containers.js';
import { listSearchFolders } from './postgres/processes/search-path.js';

try {
  process.env.PATH = listSearchFolders().join(delimiter);
  await sweep(listDirectoryParents());
  await sweepContainers(process.env.DOCKER || 'docker');
} catch (error: unknown) {
  const { message } = error instanceof Error ? error : new Error(String(error));
  // Without a docker that answers, no container of ours can be there.
  if (error instanceof JobFailure) core.debug(message);
  else core.warning(`What the run left behind could not be removed: ${message}`);
}

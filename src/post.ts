/**
 * The action's last word, also after a cancellation: removes what a run left behind whose supervisor was killed with it.
 * A supervisor that lives cleans up after itself and is left alone.
 */
import * as core from '@actions/core';
import { listDirectoryParents } from './postgres/supervised/directory-parents.js';
import { sweep } from './postgres/supervised/sweep.js';

try {
  await sweep(listDirectoryParents());
} catch (error: unknown) {
  core.warning(
    `What the run left behind could not be removed: ${error instanceof Error ? error.message : error}`,
  );
}

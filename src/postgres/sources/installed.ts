/** A server of our own from binaries that are on the machine. */
import { findInstalledBinaries } from '../binaries/find-installed.js';
import { DEFAULT_MAJOR } from '../majors.js';
import type { ServerAccount } from '../processes/server-account.js';
import type { Source } from '../server.js';
import { withBinaries } from './with-binaries.js';

/** With `auto` and no asked major the default one: a run shall not depend on what a machine happens to have. */
export const withInstalledServer: Source = (request, options, work) => {
  const major = request.major ?? (request.source === 'auto' ? DEFAULT_MAJOR : null);
  const find = (account: ServerAccount | null) => findInstalledBinaries(major, account);
  return withBinaries({ name: 'installed', find }, options, work);
};

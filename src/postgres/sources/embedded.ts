/** A server of our own from the binaries that npm carries. */
import { findEmbeddedBinaries } from '../binaries/find-embedded.js';
import { DEFAULT_MAJOR } from '../majors.js';
import type { ServerAccount } from '../processes/server-account.js';
import type { Source } from '../server.js';
import { withBinaries } from './with-binaries.js';

export const withEmbeddedServer: Source = (request, options, work) => {
  const major = request.major ?? DEFAULT_MAJOR;
  const find = (account: ServerAccount | null) => findEmbeddedBinaries(major, account, options);
  return withBinaries({ name: 'embedded', find }, options, work);
};

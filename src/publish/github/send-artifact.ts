/** Sends files to GitHub as an artifact of the run. */
import { DefaultArtifactClient } from '@actions/artifact';
import type { Artifact } from './runner-request.js';

/** Returns the number that GitHub gave it. */
export async function sendArtifact({
  name,
  files,
  root,
  isPacked = false,
  retentionDays,
}: Artifact): Promise<number> {
  const client = new DefaultArtifactClient();
  const options = { retentionDays, ...(isPacked ? { compressionLevel: 0 } : {}) };
  const { id } = await client.uploadArtifact(name, [...files], root, options);
  if (id === undefined) throw new Error('GitHub gave the artifact no number');
  return id;
}

/** Sends files to GitHub as an artifact of the run. */
import { DefaultArtifactClient } from '@actions/artifact';

interface Artifact {
  readonly name: string;
  readonly files: readonly string[];
  /** What their names in the artifact count from. */
  readonly root: string;
  /** Whether packing them again would gain nothing. */
  readonly isPacked?: boolean;
  readonly retentionDays: number;
}

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

/** Sends files to GitHub as an artifact of the run. */
import { DefaultArtifactClient } from '@actions/artifact';

interface Artifact {
  readonly name: string;
  readonly files: readonly string[];
  /** What their names in the artifact count from. */
  readonly folder: string;
  readonly retentionDays: number;
}

/** Returns the number that GitHub gave it. */
export async function sendArtifact({ name, files, folder, retentionDays }: Artifact): Promise<number> {
  const client = new DefaultArtifactClient();
  const { id } = await client.uploadArtifact(name, [...files], folder, { retentionDays });
  if (id === undefined) throw new Error('GitHub gave the artifact no number');
  return id;
}

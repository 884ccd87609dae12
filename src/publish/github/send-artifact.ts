/** What sends an artifact to GitHub: a program of its own, large, and loaded only where something is sent. */
import { DefaultArtifactClient } from '@actions/artifact';

/** Returns the number that GitHub gave it. */
export async function sendArtifact(
  name: string,
  files: readonly string[],
  root: string,
  { retentionDays }: { readonly retentionDays: number },
): Promise<number> {
  const { id } = await new DefaultArtifactClient().uploadArtifact(name, [...files], root, { retentionDays });
  if (id === undefined) throw new Error('GitHub gave the artifact no number');
  return id;
}

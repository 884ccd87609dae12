/** The report of a commit in the cache of the repository, by a key that is the commit's. */
import { isFeatureAvailable, restoreCache, saveCache } from '@actions/cache';

interface Kept {
  /** Its name in the folder that the program runs in: where that lies is no part of what it is found by. */
  readonly file: string;
  readonly key: string;
}

/** Whether it is kept now; it is not where one is kept already. What keeps it from that, the library prints. */
export async function keepReport({ file, key }: Kept): Promise<boolean> {
  assertThere();
  return (await saveCache([file], key)) !== -1;
}

/** Whether there was one; then it lies in the folder. */
export async function fetchReport({ file, key }: Kept): Promise<boolean> {
  assertThere();
  // The library also takes a key that only begins so.
  return (await restoreCache([file], key)) === key;
}

function assertThere(): void {
  if (!isFeatureAvailable()) throw new Error('this runner has no cache');
}

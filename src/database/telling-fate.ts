/** Work that may come to a commit → an error that comes after it never hides what became of that. */
import { AfterCommit } from '../errors.js';
import type { Fate, OnCommit } from './commit.js';

export async function tellingFate<T>(
  onCommit: OnCommit | undefined,
  work: (onCommit: OnCommit) => Promise<T>,
): Promise<T> {
  let last: Fate = 'no';
  try {
    return await work((transaction, fate) => {
      last = fate ?? 'unknown';
      onCommit?.(transaction, fate);
    });
  } catch (error: unknown) {
    throw last === 'no' ? error : new AfterCommit(last, error);
  }
}

/** The same where it is known already. */
export function afterFate<T>(fate: Fate | undefined, work: () => T | Promise<T>): Promise<T> {
  return tellingFate(undefined, async (onCommit) => {
    if (fate !== undefined) onCommit('', fate);
    return work();
  });
}

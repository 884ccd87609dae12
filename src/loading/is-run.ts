/** A statement → whether it could be run; undone where not. */
import { isDatabaseError } from '../database/database-error.js';

export async function isRun(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return false;
  }
}

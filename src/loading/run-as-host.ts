/** A statement → whether the host, who may do all, could run it. */
import { isDatabaseError } from '../database/database-error.js';
import type { GuardedRunner } from './run-guarded.js';

export async function isRunAsHost(runner: GuardedRunner, statement: string): Promise<boolean> {
  try {
    await runner.runAsHost(statement);
    return true;
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return false;
  }
}

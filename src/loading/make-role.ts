/** Roles belong to the whole server: what is made while loading is marked as ours, so that it goes when the last run of ours does. */
import { quoteIdentifier, quoteLiteral } from '../database/quote.js';
import { roleComment } from '../database/throwaway-logins.js';
import type { GuardedRunner } from './run-guarded.js';
import { hostCall } from './with-host.js';

/** One that a statement names and no file makes; nobody can log in as it. */
export async function makeRole(runner: GuardedRunner, role: string): Promise<void> {
  await runner.run(hostCall('make_role', role));
}

/** By whoever made it. */
export async function markRole(runner: GuardedRunner, role: string): Promise<void> {
  await runner.run(`comment on role ${quoteIdentifier(role)} is ${quoteLiteral(roleComment)}`);
}

/** Roles belong to the whole server: what is made while loading is marked as ours, so that it goes when the last run of ours does. */
import { quoteIdentifier } from '../database/quote.js';
import type { GuardedRunner } from './run-guarded.js';

/** One that a statement names and no file makes; nobody can log in as it. */
export async function makeRole(runner: GuardedRunner, role: string): Promise<void> {
  await runner.runAsHost(`create role ${quoteIdentifier(role)} nologin`);
  await markRole(runner, role);
}

export async function markRole(runner: GuardedRunner, role: string): Promise<void> {
  await runner.runAsHost(`comment on role ${quoteIdentifier(role)} is 'created by schema-fix-action'`);
}

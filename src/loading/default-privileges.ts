/** The privileges of a dump: it says them all, so what the platform grants to each new object is held back while it loads. */
import type { GuardedRunner } from './run-guarded.js';
import { hostCall } from './with-host.js';

/** What the dump said: of privileges at all, and of those of objects to come. */
export interface Said {
  privileges: boolean;
  defaults: boolean;
}

export async function holdDefaultPrivileges(runner: GuardedRunner): Promise<void> {
  await runner.run(hostCall('hold_default_privileges'));
}

/**
 * Puts them back, unless the dump says what they are. One that says nothing of any privilege was made without them
 * (`--no-privileges`), so its objects get what they would have got.
 */
export async function returnDefaultPrivileges(runner: GuardedRunner, said: Said): Promise<void> {
  await runner.run(hostCall('return_default_privileges', said.defaults, said.privileges));
}

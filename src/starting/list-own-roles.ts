/** A database → the roles of the project's own that something in it names. */
import { readNamedRoles } from '../copying/read-roles.js';
import type { Session } from '../database/with-session.js';
import { isHostRole } from '../loading/host.js';

/** But for those of the starter's platform. */
export async function listOwnRoles(
  session: Session,
  { isSupabase, deployer }: { readonly isSupabase: boolean; readonly deployer: string },
): Promise<string[]> {
  const isForeign = (role: string) =>
    role === deployer || (isSupabase ? isHostRole(role) : /^(app_user|pg_.*|postgres)$/.test(role));
  return (await readNamedRoles(session)).filter((role) => !isForeign(role));
}

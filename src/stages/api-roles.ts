/** The roles that the data API has for people: those of the bundle's actors, and whatever the API can become. */
import { engineSql } from '../database/engine-sql.js';
import type { Session } from '../database/with-session.js';
import type { Bundle } from '../model.js';

export interface Role {
  readonly role: string;
  /** Whether no policy binds it: its reach is everything, before and after. */
  readonly isUnbound: boolean;
  /** Whether the deployer may become it, to try. */
  readonly isWithinReach: boolean;
  readonly attributes: string;
}

export async function listRoles(session: Session, bundle: Bundle): Promise<Role[]> {
  const named = bundle.actors.map(({ role }) => role);
  const { rows } = await session.query<Role>(engineSql('access_roles'), [named]);
  return rows;
}

/** Those as whom people are tried. */
export function boundRoles(roles: readonly Role[]): string[] {
  return roles.filter(({ isUnbound, isWithinReach }) => !isUnbound && isWithinReach).map(({ role }) => role);
}

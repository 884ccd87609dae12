/** An address → what tells its database from every other. */
import { type ConnectionSettings, formatOwnPlace } from '../postgres/connection.js';
import { projectOf } from '../postgres/hosts.js';

export interface TargetName {
  /** A project's reference, with `/DATABASE` for another than the one that every project has; elsewhere `HOST:PORT/DATABASE`. */
  readonly name: string;
  /** null: the address does not say that it leads to a project of Supabase, or not to which. */
  readonly project: string | null;
}

/** The one that Supabase makes in every project. */
export const ofEveryProject = 'postgres';

export function nameTarget(connection: ConnectionSettings): TargetName {
  const project = projectOf(connection);
  if (project === null || project === 'unknown') return { name: formatOwnPlace(connection), project: null };
  const { database } = connection;
  return { name: database === ofEveryProject ? project : `${project}/${database}`, project };
}

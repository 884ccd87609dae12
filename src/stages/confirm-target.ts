/** What somebody typed beside an address → whether it names the database that the address leads to. */
import { UserError } from '../errors.js';
import { type ConnectionSettings, formatPlace } from '../postgres/connection.js';
import { isThisMachine, projectOf } from '../postgres/hosts.js';
import { nameTarget, ofEveryProject } from './name-target.js';

/** `setting` is what messages call the address. Throws a UserError that says what to type, and why that. */
export function confirmTarget(connection: ConnectionSettings, confirm: string, setting: string): void {
  if (projectOf(connection) === 'unknown') {
    throw new UserError(
      `${setting}: ${formatPlace(connection)} is shared by many projects, and the user ${connection.user} does not say which. Take the address of the project's Connect page, where the user is postgres.PROJECT.`,
    );
  }
  const [wanted, meaning] = sayWhatToType(connection);
  if (confirm === wanted) return;
  throw new UserError(`confirm: is "${confirm}", but ${setting} leads to ${meaning}.`);
}

function sayWhatToType(connection: ConnectionSettings): readonly [wanted: string, meaning: string] {
  const { database, host, user } = connection;
  if (isThisMachine(host)) {
    return [database, `the database "${database}". Type the name of the database that is to change`];
  }
  const { name, project } = nameTarget(connection);
  if (project !== null && database !== ofEveryProject) {
    return [
      name,
      `the database "${database}" of the project ${project}. Type ${name}: the reference alone is that of its database ${ofEveryProject}`,
    ];
  }
  if (project !== null) {
    return [
      name,
      `the project ${project}. Type the project's reference: every project of Supabase has a database ${ofEveryProject}`,
    ];
  }
  const why = user.includes('.')
    ? ', with the user: behind a pooler it may say whose server that is'
    : ': a name alone may be that of many databases';
  return [name, `${name}. Type that${why}`];
}

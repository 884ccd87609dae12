/** What somebody typed beside an address → whether it names the database that the address leads to. */
import { UserError } from '../errors.js';
import { type ConnectionSettings, formatPlace } from '../postgres/connection.js';
import { isThisMachine, projectOf } from '../postgres/hosts.js';

/** `setting` is what messages call the address. Throws a UserError that says what to type, and why that. */
export function confirmTarget(connection: ConnectionSettings, confirm: string, setting: string): void {
  const { database, host } = connection;
  if (isThisMachine(host)) {
    assertTyped(
      confirm,
      database,
      `the database "${database}". Type the name of the database that is to change`,
      setting,
    );
    return;
  }
  const project = projectOf(connection);
  if (project === 'unknown') {
    throw new UserError(
      `${setting}: ${formatPlace(connection)} is shared by many projects, and the user ${connection.user} does not say which. Take the address of the project's Connect page, where the user is postgres.PROJECT.`,
    );
  }
  if (project !== null) {
    assertTyped(
      confirm,
      project,
      `the project ${project}. Type the project's reference: every database of Supabase is called postgres`,
      setting,
    );
    return;
  }
  const place = formatPlace(connection);
  assertTyped(confirm, place, `${place}. Type that: a name alone may be that of many databases`, setting);
}

function assertTyped(confirm: string, wanted: string, meaning: string, setting: string): void {
  if (confirm === wanted) return;
  throw new UserError(`confirm: is "${confirm}", but ${setting} leads to ${meaning}.`);
}

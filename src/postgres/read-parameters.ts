/** The parameters of a Postgres address → name and value of each, or a `UserError` for one that could not be heeded. */
import { UserError } from '../errors.js';

const known = [
  'host',
  'port',
  'user',
  'password',
  'dbname',
  'connect_timeout',
  'application_name',
  'sslmode',
  'sslrootcert',
  'sslcrl',
  'sslnegotiation',
  'channel_binding',
];

/** Why, for those that people really have in their addresses. */
const reasons: Readonly<Record<string, string>> = {
  service: 'a service file is not read. Write out what it says',
  options:
    'it would set what a run relies on. Take it out; the project of a Supabase pooler is part of the user, postgres.PROJECT',
  hostaddr: 'the server is verified by its name. Give the one host',
  pgbouncer:
    'it is for Prisma, and says that this is a transaction pooler. Take the direct address, or that of the session pooler',
  connection_limit: 'it is for Prisma. Take it out',
  schema: 'it is for Prisma, and the fix names its schemas itself. Take it out',
  sslcert: 'certificates of clients are not supported. Use a password',
  sslkey: 'certificates of clients are not supported. Use a password',
};

/** A misspelt or unheeded one would be a connection that is less safe than it reads, or leads elsewhere. */
export function readParameters(parameters: URLSearchParams, settingName: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (!known.includes(name)) {
      throw new UserError(
        `${settingName}: the parameter ${shown(name)} is not supported${name in reasons ? `: ${reasons[name]}` : `. There are ${known.join(', ')}`}.`,
      );
    }
    if (values.has(name)) throw new UserError(`${settingName}: the parameter ${name} is there twice.`);
    values.set(name, value);
  }
  return values;
}

/** Of a password with `&` and `=` in it, what should be its end looks like a parameter. */
function shown(name: string): string {
  return name in reasons || /^(ssl|gss|krb|keepalives|target_|tcp_|load_)[a-z_]*$/i.test(name)
    ? name
    : 'that is there';
}

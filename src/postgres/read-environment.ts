/** libpq's variables for what an address does not say. */
import { UserError } from '../errors.js';

/** Parameter of an address → the variable that stands in for it. `PGPASSWORD` is read wherever there is an address. */
const variables: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  port: 'PGPORT',
  user: 'PGUSER',
  dbname: 'PGDATABASE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcrl: 'PGSSLCRL',
  sslnegotiation: 'PGSSLNEGOTIATION',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  application_name: 'PGAPPNAME',
};

/** They would lead elsewhere, or ask for more safety than there is here: who set one must not believe that it is heeded. */
const refused = [
  'PGHOSTADDR',
  'PGSERVICE',
  'PGOPTIONS',
  'PGTARGETSESSIONATTRS',
  'PGLOADBALANCEHOSTS',
  'PGREQUIREAUTH',
  'PGREQUIREPEER',
  'PGREQUIRESSL',
  'PGCHANNELBINDING',
  'PGSSLCERT',
  'PGSSLKEY',
  'PGSSLCRLDIR',
  'PGSSLMINPROTOCOLVERSION',
  'PGSSLMAXPROTOCOLVERSION',
];

/** Only what they ask for so is more safety than there is here. */
const required = ['PGGSSENCMODE', 'PGSSLCERTMODE'];

/** Throws a UserError that names a variable which is set and cannot be heeded, never what it holds. */
export function readEnvironment(
  settingName: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ReadonlyMap<string, string> {
  const foreign = refused.filter((name) => environment[name]);
  if (foreign.length > 0) {
    throw new UserError(
      `${settingName}: the environment sets ${foreign.join(', ')}, which ${foreign.length === 1 ? 'is' : 'are'} not supported. Unset ${foreign.length === 1 ? 'it' : 'them'}, and say in the address what there is to say.`,
    );
  }
  const stricter = required.filter((name) => environment[name] === 'require');
  if (stricter.length > 0) {
    throw new UserError(
      `${settingName}: the environment sets ${stricter.join(', ')} to require, which is not supported. Unset it: without sslmode the server is verified.`,
    );
  }
  return new Map(
    Object.entries(variables).flatMap(([name, variable]): [string, string][] => {
      const value = environment[variable];
      return value ? [[name, value]] : [];
    }),
  );
}

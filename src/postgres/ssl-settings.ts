/** libpq's `sslmode`, `sslrootcert` and `sslcrl`, as settings of node's TLS. */
import { UserError } from '../errors.js';
import { findOfLibpq, readAuthorities, readRevoked, readSupabaseAuthorities } from './authorities.js';
import type { ConnectionSettings } from './connection.js';
import { isSupabase, isThisMachine } from './hosts.js';

export type SslSettings = Pick<ConnectionSettings, 'ssl' | 'isSslOptional' | 'sslWarning' | 'ownAuthorities'>;

export interface SslContext {
  readonly host: string;
  readonly settingName: string;
  readonly caFile: string | null;
  /** Whether the database is somebody's, so that its server is to be verified wherever it is reached through a network. */
  readonly isSomebodys: boolean;
}

const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof modes)[number];

const unencrypted: SslSettings = { ssl: false, isSslOptional: false, sslWarning: null };

/**
 * Without a mode: `prefer` as in libpq, or `verify-full` where certificates to trust were given and where somebody's server
 * is reached through a network. With certificates every mode that encrypts also verifies; those that libpq finds by itself are
 * looked for wherever an encrypted connection to somebody's server is insisted on. `allow` is taken for `prefer`, which
 * asks for encryption first.
 */
export function readSslSettings(
  parameters: ReadonlyMap<string, string>,
  { host, settingName, caFile, isSomebodys }: SslContext,
): SslSettings {
  const isExposed = isSomebodys && !isThisMachine(host);
  const byDefault = caFile === null && !isExposed ? 'prefer' : 'verify-full';
  const mode = readMode(parameters.get('sslmode') || byDefault, settingName);
  if (isExposed) refuseClearText(mode, { host, settingName });
  const listed = parameters.get('sslcrl') || null;
  if (host.startsWith('/') || mode === 'disable') {
    if (listed !== null) throw refuseList(settingName);
    return unencrypted;
  }
  const named = caFile ?? (parameters.get('sslrootcert') || null);
  if (named === 'system' && mode !== 'verify-full') {
    throw new UserError(`${settingName}: sslrootcert=system needs sslmode=verify-full, as in libpq.`);
  }

  const isInsisted = mode !== 'prefer' && mode !== 'allow';
  const found = named === null && isSomebodys && isInsisted ? findOfLibpq('root.crt') : null;
  const own = named === 'system' ? null : (named ?? found);
  const ca = own !== null ? readAuthorities(own, settingName) : ofHost(host, named, settingName);
  const list = listed ?? (own === null ? null : findOfLibpq('root.crl'));
  const verified = {
    // Said in so many words: a variable of the environment could have node take any certificate otherwise.
    rejectUnauthorized: true,
    ...(ca !== null && { ca }),
    ...(list !== null && { crl: readRevoked(list, settingName) }),
  };
  const shared = { isSslOptional: false, ...(found !== null && { ownAuthorities: found }) };
  if (mode === 'verify-full') return { ...shared, ssl: verified, sslWarning: null };
  if (ca !== null) {
    const ssl = { ...verified, checkServerIdentity: () => undefined };
    return { ...shared, ssl, sslWarning: isExposed ? sayNameUnverified(mode) : null };
  }
  if (list !== null) throw refuseList(settingName);
  if (mode === 'verify-ca') {
    throw new UserError(
      `${settingName}: sslmode=verify-ca needs sslrootcert, the file of the certificates to trust. With certificates of public authorities use sslmode=verify-full.`,
    );
  }
  return {
    ssl: { rejectUnauthorized: false },
    isSslOptional: mode !== 'require',
    sslWarning: isExposed ? unverified : null,
  };
}

function refuseClearText(mode: Mode, { host, settingName }: Pick<SslContext, 'host' | 'settingName'>): void {
  if (mode !== 'disable' && mode !== 'allow' && mode !== 'prefer') return;
  throw new UserError(
    `${settingName}: sslmode=${mode} could send the password and the data to ${host} in clear text. Take it out: the server is then verified. To a server without encryption use a tunnel that ends on this machine, such as ssh -L.`,
  );
}

/** Of a server that nobody verifies it would say nothing. */
function refuseList(settingName: string): UserError {
  return new UserError(
    `${settingName}: sslcrl lists which certificates are revoked, and here none is verified. Write sslmode=verify-full with it, or take it out.`,
  );
}

const unverified =
  'The connection is encrypted, but with sslmode=require nobody has verified which server it leads to: whoever sits in between can read and change everything, the password too. Take sslmode out, or write verify-full.';

function sayNameUnverified(mode: Mode): string {
  return `With sslmode=${mode} the certificate is verified, but not that it is for this server: whoever has another certificate of the same authority can take its place. Take sslmode out, or write verify-full.`;
}

function readMode(text: string, settingName: string): Mode {
  const mode = modes.find((candidate) => candidate === text);
  if (mode === undefined) throw new UserError(`${settingName}: sslmode is one of ${modes.join(', ')}.`);
  return mode;
}

/** null: those that node trusts. */
function ofHost(host: string, named: string | null, settingName: string): string | null {
  return isSupabase(host) && named === null ? readSupabaseAuthorities(settingName) : null;
}

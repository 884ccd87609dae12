/** libpq's `sslmode` and `sslrootcert`, as settings of node's TLS. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { getActionRoot } from '../action-root.js';
import { UserError } from '../errors.js';
import type { ConnectionSettings } from './connection.js';
import { isSupabase, isThisMachine } from './hosts.js';

export type SslSettings = Pick<ConnectionSettings, 'ssl' | 'isSslOptional' | 'sslWarning'>;

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
 * is reached through a network. With certificates every mode that encrypts also verifies. `allow` is taken for `prefer`,
 * which asks for encryption first.
 */
export function readSslSettings(
  parameters: ReadonlyMap<string, string>,
  { host, settingName, caFile, isSomebodys }: SslContext,
): SslSettings {
  const isExposed = isSomebodys && !isThisMachine(host);
  const byDefault = caFile === null && !isExposed ? 'prefer' : 'verify-full';
  const mode = readMode(parameters.get('sslmode') ?? byDefault, settingName);
  const rootCertificate = caFile ?? parameters.get('sslrootcert') ?? null;
  if (isExposed) refuseClearText(mode, { host, settingName });
  if (host.startsWith('/') || mode === 'disable') return unencrypted;
  if (rootCertificate === 'system' && mode !== 'verify-full') {
    throw new UserError(`${settingName}: sslrootcert=system needs sslmode=verify-full, as in libpq.`);
  }

  const ca = readAuthorities(rootCertificate, { host, settingName });
  // Said in so many words: a variable of the environment could have node take any certificate otherwise.
  const verified = { rejectUnauthorized: true, ...(ca !== null && { ca }) };
  if (mode === 'verify-full') return { ssl: verified, isSslOptional: false, sslWarning: null };
  if (ca !== null) {
    const ssl = { ...verified, checkServerIdentity: () => undefined };
    return { ssl, isSslOptional: false, sslWarning: isExposed ? sayNameUnverified(mode) : null };
  }
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
function readAuthorities(
  file: string | null,
  { host, settingName }: Pick<SslContext, 'host' | 'settingName'>,
): string | null {
  if (file === 'system') return null;
  if (file !== null) return readCertificates(file, settingName);
  return isSupabase(host)
    ? readCertificates(path.join(getActionRoot(), 'certificates', 'supabase.pem'), settingName)
    : null;
}

function readCertificates(file: string, settingName: string): string {
  const text = readText(file, settingName);
  // Node takes no text for no choice, and would trust every public authority.
  if (text.trim() !== '') return text;
  throw new UserError(
    `${settingName}: ${file} is empty, so that nobody would be trusted. Give the file of the certificates to trust.`,
  );
}

function readText(file: string, settingName: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error: unknown) {
    throw new UserError(
      `${settingName}: the certificates in ${file} cannot be read: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

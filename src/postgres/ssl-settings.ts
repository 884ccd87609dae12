/** libpq's `sslmode` and `sslrootcert`, as settings of node's TLS. */
import { readFileSync } from 'node:fs';
import { UserError } from '../errors.js';
import type { ConnectionSettings } from './connection.js';

export type SslSettings = Pick<ConnectionSettings, 'ssl' | 'isSslOptional'>;

export interface SslContext {
  readonly host: string;
  readonly settingName: string;
  readonly caFile: string | null;
}

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof MODES)[number];

const PARAMETERS = ['sslmode', 'sslrootcert', 'sslnegotiation', 'sslcompression', 'sslsni'];

const UNENCRYPTED: SslSettings = { ssl: false, isSslOptional: false };

/**
 * Without a mode: `prefer` as in libpq, or `verify-full` where certificates to trust were given. With certificates every
 * mode that encrypts also verifies. `allow` is taken for `prefer`, which asks for encryption first.
 */
export function readSslSettings(
  parameters: URLSearchParams,
  { host, settingName, caFile }: SslContext,
): SslSettings {
  rejectUnknown(parameters, settingName);
  const rootCertificate = caFile ?? parameters.get('sslrootcert');
  const mode = readMode(
    parameters.get('sslmode') ?? (caFile === null ? 'prefer' : 'verify-full'),
    settingName,
  );
  if (host.startsWith('/') || mode === 'disable') return UNENCRYPTED;

  const ca =
    rootCertificate === null || rootCertificate === 'system'
      ? null
      : readCertificates(rootCertificate, settingName);
  if (mode === 'verify-full') return { ssl: { ...(ca !== null && { ca }) }, isSslOptional: false };
  if (ca !== null) return { ssl: { ca, checkServerIdentity: () => undefined }, isSslOptional: false };
  if (mode === 'verify-ca') {
    throw new UserError(
      `${settingName}: sslmode=verify-ca needs sslrootcert, the file of the certificates to trust. With certificates of public authorities use sslmode=verify-full.`,
    );
  }
  return { ssl: { rejectUnauthorized: false }, isSslOptional: mode !== 'require' };
}

/** A misspelt one would otherwise be a connection less safe than it reads. */
function rejectUnknown(parameters: URLSearchParams, settingName: string): void {
  const unknown = [...parameters.keys()].find((name) => /^ssl/i.test(name) && !PARAMETERS.includes(name));
  if (unknown === undefined) return;
  throw new UserError(
    `${settingName}: the parameter ${unknown} is not supported. Use sslmode and sslrootcert.`,
  );
}

function readMode(text: string, settingName: string): Mode {
  const mode = MODES.find((candidate) => candidate === text);
  if (mode === undefined) throw new UserError(`${settingName}: sslmode is one of ${MODES.join(', ')}.`);
  return mode;
}

function readCertificates(path: string, settingName: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error: unknown) {
    throw new UserError(
      `${settingName}: the certificates in ${path} cannot be read: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

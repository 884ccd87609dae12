/** `postgres://…` → connection settings, or a `UserError` that never repeats the text: it may hold a password. */
import { userInfo } from 'node:os';
import { UserError } from '../errors.js';
import type { ConnectionSettings } from './connection.js';
import { readSslSettings } from './ssl-settings.js';

const FORM = 'It is written postgres://USER:PASSWORD@HOST:PORT/DATABASE.';
const DEFAULT_PORT = 5432;
const DEFAULT_TIMEOUT_SECONDS = 10;

export interface UrlOptions {
  /** A file of certificates to trust, in place of the `sslrootcert` that the URL may name. */
  readonly caFile?: string | null;
}

/**
 * Means what it means to libpq, except that a missing database is `postgres`. `settingName` is what messages call the text:
 * `postgres-url`. A password that it does not hold is taken from `PGPASSWORD`.
 */
export function parsePostgresUrl(
  text: string,
  settingName: string,
  options: UrlOptions = {},
): ConnectionSettings {
  const url = readUrl(text.trim(), settingName);
  const parameters = url.searchParams;
  const decode = (value: string) => decodePart(value, settingName);

  const host = parameters.get('host') || decode(url.hostname.replace(/^\[|\]$/g, '')) || 'localhost';
  if (host.includes(','))
    throw new UserError(`${settingName} names several hosts. Give the one to connect to.`);
  return {
    host,
    port: readNumber(parameters.get('port') || url.port, 'port', settingName) ?? DEFAULT_PORT,
    user: parameters.get('user') || decode(url.username) || getSystemUser(settingName),
    password: parameters.get('password') || decode(url.password) || process.env.PGPASSWORD,
    database: parameters.get('dbname') || decode(url.pathname.slice(1)) || 'postgres',
    ...readSslSettings(parameters, { host, settingName, caFile: options.caFile ?? null }),
    connectionTimeoutMillis:
      1000 *
      (readNumber(parameters.get('connect_timeout'), 'connect_timeout', settingName) ??
        DEFAULT_TIMEOUT_SECONDS),
  };
}

/** libpq's default. A container may be run by a user that has no name. */
function getSystemUser(settingName: string): string {
  try {
    return userInfo().username;
  } catch (error: unknown) {
    throw new UserError(`${settingName} names no user. ${FORM}`, { cause: error });
  }
}

function readUrl(text: string, settingName: string): URL {
  if (!/^postgres(ql)?:\/\//.test(text)) {
    throw new UserError(`${settingName} does not begin with postgres:// or postgresql://. ${FORM}`);
  }
  if (hasStrayCharacter(text)) {
    throw new UserError(
      `${settingName} has a character where it cannot be, most likely in the password. There / is written %2F, ? %3F, # %23, @ %40 and a line break %0A.`,
    );
  }
  if (!URL.canParse(text)) {
    throw new UserError(
      `${settingName} does not parse. ${FORM} The characters / ? # @ in a password are percent-encoded.`,
    );
  }
  return new URL(text);
}

/** An unencoded `/`, `?` or `#` in a password ends the host too early: what should be the host then comes after it. */
function hasStrayCharacter(text: string): boolean {
  const afterHost = /^postgres(?:ql)?:\/\/[^/?#]*(.*)$/s.exec(text)?.[1] ?? '';
  return /[@#]/.test(afterHost) || /[\r\n\t]/.test(text);
}

function decodePart(value: string, settingName: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // The reason would repeat the value.
    throw new UserError(
      `${settingName} has a % that is not part of a percent-encoding. A percent sign itself is written %25.`,
    );
  }
}

function readNumber(text: string | null, what: string, settingName: string): number | null {
  if (!text) return null;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw new UserError(`${settingName}: ${what} is not a number from 1 to 65535.`);
  }
  return number;
}

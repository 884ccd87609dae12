/** `postgres://…` → connection settings, or a `UserError` that never repeats the text: it may hold a password. */
import { userInfo } from 'node:os';
import { UserError } from '../errors.js';
import type { ConnectionSettings } from './connection.js';
import { readEnvironment } from './read-environment.js';
import { readParameters } from './read-parameters.js';
import { readSslSettings } from './ssl-settings.js';

const FORM = 'It is written postgres://USER:PASSWORD@HOST:PORT/DATABASE.';
const DEFAULT_PORT = 5432;
const DEFAULT_TIMEOUT_SECONDS = 10;

export interface UrlOptions {
  /** A file of certificates to trust, in place of the `sslrootcert` that the URL may name. */
  readonly caFile?: string | null;
  /**
   * A database that belongs to somebody: its server is verified, and libpq's variables say what the address does not. A
   * throwaway server is only ever where the address says.
   */
  readonly isSomebodys?: boolean;
}

/**
 * Means what it means to libpq, except that a missing database is `postgres`. `settingName` is what messages call the text:
 * `postgres-url`. A password that it does not hold is taken from `PGPASSWORD`.
 */
export function parsePostgresUrl(
  text: string,
  settingName: string,
  { caFile = null, isSomebodys = false }: UrlOptions = {},
): ConnectionSettings {
  const url = readUrl(text.trim(), settingName);
  const written = readParameters(url.searchParams, settingName);
  const environment = isSomebodys ? readEnvironment(settingName) : new Map<string, string>();
  const parameters = new Map([...environment, ...written]);
  const decode = (value: string) => decodePart(value, settingName);
  const choose = (name: string, inUrl: string) =>
    written.get(name) || decode(inUrl) || environment.get(name) || '';

  const host = choose('host', url.hostname.replace(/^\[|\]$/g, '')) || 'localhost';
  if (host.includes(',')) throw severalHosts(settingName);
  const applicationName = parameters.get('application_name');
  const settings: ConnectionSettings = {
    host,
    port: readNumber(choose('port', url.port), 'port', settingName) ?? DEFAULT_PORT,
    user: choose('user', url.username) || getSystemUser(settingName),
    password: written.get('password') || decode(url.password) || process.env.PGPASSWORD || undefined,
    database: choose('dbname', url.pathname.slice(1)) || 'postgres',
    ...readSslSettings(parameters, { host, settingName, caFile, isSomebodys }),
    connectionTimeoutMillis:
      1000 *
      (readNumber(parameters.get('connect_timeout'), 'connect_timeout', settingName) ??
        DEFAULT_TIMEOUT_SECONDS),
    ...(applicationName ? { application_name: applicationName } : {}),
  };
  refuseUnboundChannel(parameters.get('channel_binding'), settings, settingName);
  return { ...settings, ...readNegotiation(parameters.get('sslnegotiation'), settings, settingName) };
}

/** The driver binds where the server offers it and insists on nothing; a server that is verified needs no more. */
function refuseUnboundChannel(
  binding: string | undefined,
  { ssl }: ConnectionSettings,
  settingName: string,
): void {
  if (binding !== 'require') return;
  const isVerified =
    ssl !== false && ssl.rejectUnauthorized === true && ssl.checkServerIdentity === undefined;
  if (isVerified) return;
  throw new UserError(
    `${settingName}: channel_binding=require needs sslmode=verify-full here, which does what it is for.`,
  );
}

function readNegotiation(
  text: string | undefined,
  { ssl }: ConnectionSettings,
  settingName: string,
): Pick<ConnectionSettings, 'sslnegotiation'> {
  if (!text || text === 'postgres') return {};
  if (text === 'direct' && ssl !== false) return { sslnegotiation: 'direct' };
  throw new UserError(`${settingName}: sslnegotiation is postgres, or with encryption direct.`);
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
    if (/^[a-z]+:\/\/([^/?#]*@)?[^@/?#]*,/.test(text)) throw severalHosts(settingName);
    throw new UserError(
      `${settingName} does not parse. ${FORM} The characters / ? # @ in a password are percent-encoded.`,
    );
  }
  return new URL(text);
}

function severalHosts(settingName: string): UserError {
  return new UserError(`${settingName} names several hosts. Give the one to connect to.`);
}

/** An unencoded `/`, `?` or `#` in a password ends the host too early: what should be the host then comes after it. */
function hasStrayCharacter(text: string): boolean {
  const afterHost = /^postgres(?:ql)?:\/\/[^/?#]*(.*)$/s.exec(text)?.[1] ?? '';
  // What follows a zero the server would take for a parameter of its own: options, or another database.
  if (/%00|\0/.test(text)) return true;
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

function readNumber(text: string | null | undefined, what: string, settingName: string): number | null {
  if (!text) return null;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw new UserError(`${settingName}: ${what} is not a number from 1 to 65535.`);
  }
  return number;
}

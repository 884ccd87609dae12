/** How a database is reached, in the shape that `pg.Client` takes, and how that is said without the password. */
import type { ConnectionOptions as TlsOptions } from 'node:tls';

export interface ConnectionSettings {
  /** A name, an address, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** undefined: none was given. */
  readonly password: string | undefined;
  /** The password file that was left unread, as by libpq, because others may read it, too, or it is no file. */
  readonly unreadPasswordFile?: string;
  readonly database: string;
  readonly ssl: false | TlsOptions;
  /** libpq's `prefer`: an unencrypted connection will do where the server offers no encryption. */
  readonly isSslOptional: boolean;
  /** How far the server of somebody's database is not verified, as a sentence; null: it is, or it is on this machine. */
  readonly sslWarning: string | null;
  /** The file that libpq looks into by itself, where its authorities alone are trusted. */
  readonly ownAuthorities?: string;
  readonly sslnegotiation?: 'direct';
  /** What the server shows others; by default `schema-fix`. */
  readonly application_name?: string;
  readonly connectionTimeoutMillis: number;
}

/** `db.example.com:5432/postgres` */
export function formatPlace({
  host,
  port,
  database,
}: Pick<ConnectionSettings, 'host' | 'port' | 'database'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}/${database}`;
}

/**
 * What tells the databases of a server from one another, and those of servers that share an address: poolers tell these by
 * what stands after a dot in the user's name.
 */
export function formatOwnPlace(connection: ConnectionSettings): string {
  const place = formatPlace(connection);
  return connection.user.includes('.') ? `${connection.user}@${place}` : place;
}

/** What messages show: `db.example.com:5432/postgres as admin`. The password is in none of them. */
export function formatAddress(connection: ConnectionSettings): string {
  return `${formatPlace(connection)} as ${connection.user}`;
}

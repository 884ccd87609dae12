/** How a database is reached, in the shape that `pg.Client` takes, and how that is said without the password. */
import type { ConnectionOptions as TlsOptions } from 'node:tls';

export interface ConnectionSettings {
  /** A name, an address, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** undefined: none was given. */
  readonly password: string | undefined;
  readonly database: string;
  readonly ssl: false | TlsOptions;
  /** libpq's `prefer`: an unencrypted connection will do where the server offers no encryption. */
  readonly isSslOptional: boolean;
  readonly connectionTimeoutMillis: number;
}

/** What messages show: `db.example.com:5432/postgres as admin`. The password is in none of them. */
export function formatAddress(connection: ConnectionSettings): string {
  const host = connection.host.includes(':') ? `[${connection.host}]` : connection.host;
  return `${host}:${connection.port}/${connection.database} as ${connection.user}`;
}

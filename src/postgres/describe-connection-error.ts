/** Why a connection failed, as a sentence with what to do next. The password is never part of it. */
import { UserError } from '../errors.js';
import { type ConnectionSettings, formatAddress } from './connection.js';

interface Explanation {
  /** A system error's code, an SQLSTATE, or what the driver's message says. */
  readonly matches: RegExp;
  readonly explain: (connection: ConnectionSettings, message: string) => string;
}

const EXPLANATIONS: readonly Explanation[] = [
  {
    matches: /^(ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL)$/,
    explain: ({ host }) =>
      describeSupabaseHost(host) ?? `${host} cannot be found or reached from here. Check the host name.`,
  },
  {
    matches: /^ECONNREFUSED$/,
    explain: () => 'nothing listens there. Is the server running, and is this its port?',
  },
  {
    matches: /^(ENOENT|ENOTSOCK)$/,
    explain: ({ host, port }) =>
      `there is no server's socket .s.PGSQL.${port} in ${host}. Is the server running?`,
  },
  {
    matches: /^(EACCES|EPERM)$/,
    explain: ({ host }) => `this account may not connect to ${host}.`,
  },
  {
    matches: /^(ETIMEDOUT|ERR_SOCKET_CONNECTION_TIMEOUT)$|timeout expired|connection timeout/i,
    explain: ({ connectionTimeoutMillis }) =>
      `there was no answer within ${connectionTimeoutMillis / 1000} seconds. Is a firewall in between, and is it Postgres that listens there?`,
  },
  {
    matches:
      /error establishing an SSL connection|^(HPE_|ERR_SSL_WRONG_VERSION)|Received unexpected .* message/i,
    explain: () => 'what listens there does not speak the Postgres protocol. Is this the right port?',
  },
  {
    matches: /Connection terminated unexpectedly|^(ECONNRESET|EPIPE)$/,
    explain: () =>
      'the connection was closed at once. Is it Postgres that listens there, and does it allow this host?',
  },
  {
    matches: /does not support SSL connections/,
    explain: () =>
      'the server offers no encryption. On this machine use sslmode=disable; elsewhere turn encryption on, or use a tunnel that ends on this machine, such as ssh -L.',
  },
  {
    matches:
      /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?)$/,
    explain: ({ ownAuthorities }) =>
      `the server's certificate is not signed by an authority that is trusted here${ownAuthorities === undefined ? '' : `, which are those in ${ownAuthorities} alone, as in libpq`}. Give the file of the right one with sslrootcert=FILE, or database-ca${ownAuthorities === undefined ? '' : '; sslmode=verify-full&sslrootcert=system trusts the public ones'}.`,
  },
  {
    matches: /^CERT_REVOKED$/,
    explain: () =>
      "the server's certificate was revoked by its authority. Do not go on, and ask whoever runs the server.",
  },
  {
    matches: /^CRL_HAS_EXPIRED$/,
    explain: () =>
      `the list of revoked certificates (${listFile}) is too old to be relied on. Take a new one from whoever runs the server.`,
  },
  {
    matches: /^(CRL_\w+|UNABLE_TO_GET_CRL(_ISSUER)?|UNABLE_TO_DECRYPT_CRL_SIGNATURE)$|Failed to parse CRL/,
    explain: () =>
      `the list of revoked certificates (${listFile}) is damaged, or not of every authority of the server's certificate. Take the right one from whoever runs the server, or take it away.`,
  },
  {
    matches: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    explain: ({ host }) =>
      `the server's certificate is for another name than ${host}. Use that name, or sslmode=verify-ca with sslrootcert.`,
  },
  {
    matches: /^CERT_HAS_EXPIRED$/,
    explain: () =>
      "the server's certificate, or that of its authority, has expired. Whoever runs the server has to renew it; or the clock of this machine is wrong.",
  },
  {
    matches: /^CERT_NOT_YET_VALID$/,
    explain: () =>
      "the server's certificate, or that of its authority, is not valid yet. Most likely the clock of this machine, or of whoever made the certificate, is wrong.",
  },
  {
    matches: /client password must be a (non-empty )?string|Password must be a string/,
    explain: ({ unreadPasswordFile: file }) =>
      file === undefined
        ? 'the server asks for a password, and there is none. Add it to the URL, or set PGPASSWORD.'
        : `the server asks for a password, and ${file} was not read, as by libpq: it is no plain file, or others may read it. Shut it to them (chmod 600 ${file}), add the password to the URL, or set PGPASSWORD.`,
  },
  {
    matches: /^28P01$/,
    explain: ({ user }) =>
      `the server does not accept this password for ${user}. It is the database's own, not that of an account of the hosting; in an address @ is written %40, / %2F, : %3A, # %23, ? %3F and % %25.`,
  },
  {
    matches: /^28000$/,
    explain: ({ user, password }, message) =>
      `the server does not let ${user} in (${withoutPassword(message, password)}). Check the user's name, and the server's pg_hba.conf; certificates of clients, GSS and the like are not supported, passwords are.`,
  },
  { matches: /^3D000$/, explain: ({ database }) => `the server has no database ${database}.` },
  {
    matches: /^53300$|max client(s| connections) reached/i,
    explain: () =>
      'the server, or a pooler in between, has no connection left. Close some, or raise max_connections or the size of the pool.',
  },
  {
    matches: /tenant.* not found/i,
    explain: ({ user }) =>
      `this pooler knows no project for ${user}. Is the user postgres.PROJECT, is the host the one that the project's Connect page shows (each pooler serves some projects only), and is the project not paused?`,
  },
  { matches: /^57P03$/, explain: () => 'the server is starting up or shutting down. Try again in a moment.' },
];

const listFile = "sslcrl, or root.crl beside libpq's root.crt";

/** `settingName` is where the connection came from: `postgres-url`. Everything here is "the work could not be done". */
export function describeConnectionError(
  error: unknown,
  connection: ConnectionSettings,
  settingName: string,
): UserError {
  const { code, message } = readError(error);
  const known = EXPLANATIONS.find(({ matches }) => matches.test(code) || matches.test(message));
  const reason = known?.explain(connection, message) ?? withoutPassword(message, connection.password);
  return new UserError(`${settingName}: cannot connect to ${formatAddress(connection)}: ${reason}`, {
    exitCode: 3,
  });
}

/** A host with several addresses fails with one error for each; the first is as good as any. */
function readError(error: unknown): { code: string; message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return readError(error.errors[0]);
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { code: String(code ?? ''), message: String(message ?? error) };
}

/** Supabase's direct host has an IPv6 address only, which GitHub's runners and many networks cannot reach. */
function describeSupabaseHost(host: string): string | null {
  const project = /^db\.([a-z0-9]+)\.supabase\.(co|com|red)$/.exec(host)?.[1];
  if (project === undefined) return null;
  return (
    "Supabase's direct host has only an IPv6 address, which cannot be reached from here. Use the session pooler of the " +
    `project's Connect page: postgres://postgres.${project}:PASSWORD@aws-…pooler.supabase.com:5432/postgres, the host as it is shown there. The host of a project that is paused is not found either.`
  );
}

/** No driver is known to put it there; none shall. */
function withoutPassword(message: string, password: string | undefined): string {
  if (!password) return message;
  return [password, encodeURIComponent(password), encodeURI(password)].reduce(
    (text, form) => text.replaceAll(form, '***'),
    message,
  );
}

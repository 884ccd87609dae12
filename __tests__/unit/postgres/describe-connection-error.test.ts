import { describe, expect, it } from '@jest/globals';
import type { ConnectionSettings } from '../../../src/postgres/connection.js';
import { describeConnectionError } from '../../../src/postgres/describe-connection-error.js';

const connection: ConnectionSettings = {
  host: 'db.example.com',
  port: 5432,
  user: 'admin',
  password: 'p@ss/word',
  database: 'shop',
  ssl: false,
  isSslOptional: false,
  sslWarning: null,
  connectionTimeoutMillis: 10_000,
};

const withCode = (code: string, message = '') => Object.assign(new Error(message), { code });
const explain = (error: unknown, changes: Partial<ConnectionSettings> = {}) =>
  describeConnectionError(error, { ...connection, ...changes }, 'postgres-url').message;

describe('describeConnectionError', () => {
  it('says where, why, and what to do next, and that the work could not be done', () => {
    const error = describeConnectionError(withCode('ECONNREFUSED'), connection, 'postgres-url');
    expect(error.message).toBe(
      'postgres-url: cannot connect to db.example.com:5432/shop as admin: nothing listens there. Is the server running, and is this its port?',
    );
    expect(error.exitCode).toBe(3);
  });

  it.each([
    ['ENOTFOUND', /db\.example\.com cannot be found or reached from here/],
    ['EACCES', /this account may not connect/],
    ['ETIMEDOUT', /no answer within 10 seconds/],
    ['ECONNRESET', /closed at once/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /not signed by an authority that is trusted here.*sslrootcert/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /certificate is for another name than db\.example\.com/],
    ['UNABLE_TO_GET_CRL', /list of revoked certificates \(sslcrl, or root\.crl .* not of every authority/],
    ['CERT_HAS_EXPIRED', /has expired/],
    ['28P01', /does not accept this password for admin/],
    ['28000', /does not let admin in.*pg_hba\.conf/],
    ['3D000', /has no database shop/],
    ['53300', /no connection left/],
    ['57P03', /starting up or shutting down/],
  ])('knows %s', (code, reason) => {
    expect(explain(withCode(code))).toMatch(reason);
  });

  it.each([
    [
      'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
      /asks for a password, and there is none/,
    ],
    ['There was an error establishing an SSL connection', /does not speak the Postgres protocol/],
    ['The server does not support SSL connections', /offers no encryption.*sslmode=disable/],
    ['Tenant or user not found', /knows no project for admin.*Connect page.*paused/],
    ['(ENOTFOUND) tenant/user postgres.abc not found', /knows no project for admin/],
    ['max clients reached in session mode', /a pooler in between, has no connection left/],
    ['Max client connections reached', /has no connection left/],
    ['timeout expired', /no answer within/],
    ['Connection terminated unexpectedly', /closed at once/],
  ])("knows the driver's message %j", (message, reason) => {
    expect(explain(new Error(message))).toMatch(reason);
  });

  it('says whose authorities were asked where libpq has some', () => {
    expect(explain(withCode('SELF_SIGNED_CERT_IN_CHAIN'), { ownAuthorities: '/h/root.crt' })).toMatch(
      /trusted here, which are those in \/h\/root\.crt alone, as in libpq\. .*sslrootcert=system trusts/,
    );
  });

  it('repeats what the server says of whom it does not let in', () => {
    expect(explain(withCode('28000', 'connection requires a valid client certificate'))).toMatch(
      /let admin in \(connection requires a valid client certificate\)/,
    );
  });

  it('explains the first of several attempts', () => {
    expect(explain(new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')]))).toMatch(
      /nothing listens/,
    );
  });

  it.each(['ENOTFOUND', 'ENETUNREACH', 'EHOSTUNREACH'])(
    "names the session pooler for Supabase's direct host: %s",
    (code) => {
      expect(explain(withCode(code), { host: 'db.abcdefghijkl.supabase.co' })).toMatch(
        /only an IPv6 address.*session pooler.*postgres\.abcdefghijkl:PASSWORD@aws-…pooler\.supabase\.com:5432.*paused/,
      );
    },
  );

  it('names the socket that is missing', () => {
    expect(explain(withCode('ENOENT'), { host: '/tmp/sockets', port: 5433 })).toMatch(
      /no server's socket \.s\.PGSQL\.5433 in \/tmp\/sockets/,
    );
  });

  it.each(['p@ss/word', 'p%40ss%2Fword'])('shows no password that an unknown error holds as %s', (form) => {
    expect(explain(new Error(`cannot reach postgres://admin:${form}@h`))).toMatch(
      /cannot reach postgres:\/\/admin:\*\*\*@h$/,
    );
  });
});

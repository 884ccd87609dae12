import { describe, expect, it } from '@jest/globals';
import { describeNpmFailure } from '../../../src/postgres/jobs/fetch-package.js';
import { renderServerSettings } from '../../../src/postgres/jobs/server-settings.js';
import { describeServerFailure } from '../../../src/postgres/processes/describe-server-failure.js';
import { chooseServerAccount } from '../../../src/postgres/processes/server-account.js';
import { findProblem } from '../../../src/postgres/sources/url.js';

describe('describeServerFailure', () => {
  it.each([
    [
      'a missing library',
      'postgres: error while loading shared libraries: libicui18n.so.60: cannot open shared object file',
      /^postgres failed: .*libicui18n\.so\.60.*\. A library that these binaries need is missing\./,
    ],
    [
      'a full disk',
      'FATAL:  could not write: No space left on device',
      /No space left.*The disk is full\..*SCHEMA_FIX_TMPDIR/,
    ],
    [
      'a disk that was filled by initdb',
      '2026-11-22 12:14:41.011 UTC [11635] FATAL:  could not extend file: wrote only 4096 of 8192 bytes\n2026-11-22 12:14:41.011 UTC [11635] HINT:  Check free disk space.',
      /^postgres failed: FATAL: {2}could not extend.*; HINT: .*The disk is full\./,
    ],
    [
      'a busy port',
      'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nFATAL:  could not create any TCP/IP sockets',
      /Address already in use; FATAL.*The port was taken/,
    ],
    [
      'a refusal',
      'initdb: error: could not access directory "/x": Permission denied',
      /Permission denied.*may not do that/,
    ],
    ['no semaphores', 'FATAL:  could not create semaphores: No space left on device', /ipcs/],
    ['anything else as it is', 'FATAL:  something new', /^postgres failed: FATAL: {2}something new$/],
    ['silence', '', /^postgres failed: it said nothing$/],
  ])('tells of %s', (_, output, message) => {
    expect(describeServerFailure('postgres', output)).toMatch(message);
  });

  it('leaves out what is said in any case', () => {
    const output = 'LOG:  starting PostgreSQL 17.10\nFATAL:  no\nLOG:  database system is shut down\n';
    expect(describeServerFailure('postgres', output)).toBe('postgres failed: FATAL:  no');
  });
});

describe('describeNpmFailure', () => {
  it.each([
    ['npm error code ENOTFOUND', /cannot be reached; is this machine offline/],
    ['npm error code ENOSPC', /the disk is full/],
    ['npm error code E404', /does not have it/],
    ['npm error code E401', /refuses it/],
    ['npm error code EBADPLATFORM', /not for this platform/],
    [
      'npm error something new\nnpm error A complete log of this run',
      /could not be fetched: npm error something new$/,
    ],
  ])('explains %j', (stderr, message) => {
    expect(describeNpmFailure('p@1', { exitCode: 1, stdout: '', stderr })).toMatch(message);
  });
});

describe('chooseServerAccount', () => {
  const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin';
  const postgres = 'postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash';

  it('takes nobody, never the account of a server that may be in production here', () => {
    expect(chooseServerAccount([postgres, nobody].join('\n'))).toEqual({
      name: 'nobody',
      uid: 65534,
      gid: 65534,
    });
  });

  it('does not run a server as another root', () => {
    expect(() => chooseServerAccount('root:x:0:0::/root:/bin/sh\nnobody:x:0:0::/:/bin/sh\n')).toThrow(
      /refuses to run as root, and there is no account nobody, daemon/,
    );
  });
});

describe('renderServerSettings', () => {
  it('listens on the socket alone where there is one', () => {
    const settings = renderServerSettings({ host: "/tmp/it's", port: 5432 });
    expect(settings).toContain(
      "listen_addresses = ''\nunix_socket_directories = '/tmp/it''s'\nport = '5432'\n",
    );
  });

  it('listens on loopback elsewhere', () => {
    const settings = renderServerSettings({ host: '127.0.0.1', port: 50123 });
    expect(settings).toContain(
      "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nport = '50123'\n",
    );
  });
});

describe('findProblem', () => {
  const canMake = { databases: true, roles: true };
  const good = { version: '17.10', isSuperuser: true, canMake, user: 'ann', asked: null };

  it.each([
    ['a Postgres that is too old', { version: '13.21' }, /Postgres 13\.21; 14 is the oldest/],
    [
      'another version than the asked one',
      { asked: 16 },
      /Postgres 17\.10, but postgres-version asks for 16/,
    ],
    [
      'a user who may make neither databases nor roles',
      { isSuperuser: false, canMake: { databases: false, roles: false } },
      /^ann is not a superuser and may not make databases and roles, .* alter role ann createdb createrole\.$/,
    ],
    [
      'a user who may make no roles',
      { isSuperuser: false, canMake: { databases: true, roles: false } },
      /^ann is not a superuser and may not make roles, /,
    ],
    [
      'a user who is no superuser of a Postgres that needs one',
      { isSuperuser: false, version: '15.2' },
      /^ann is not a superuser, and before Postgres 16 only a superuser /,
    ],
  ])('finds %s', (_, changes, problem) => {
    expect(findProblem({ ...good, ...changes })).toMatch(problem);
  });

  it('finds none with a superuser of a supported version, or whoever may make databases and roles', () => {
    expect(findProblem(good)).toBeNull();
    expect(findProblem({ ...good, asked: 17 })).toBeNull();
    expect(findProblem({ ...good, isSuperuser: false })).toBeNull();
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  addressesAmong,
  addressesOfInputs,
  keysAmong,
  listSecrets,
  readSecrets,
  throwawayAmong,
} from '../../../src/settings/read-secrets.js';
import { hideSecrets } from '../../../src/settings/secrets.js';

const secretsOf = (inputs: ReadonlyMap<string, string>) =>
  listSecrets({ addresses: addressesOfInputs(inputs), token: null, environment: {} });

describe('listSecrets', () => {
  it('finds the token and the passwords of both addresses', () => {
    const inputs = new Map([
      ['postgres-url', ' postgres://a:first@host/db\n'],
      ['database-url', 'postgres://b:second@host/db'],
      ['bundle', 'postgres://c:third@host/db'],
    ]);
    const addresses = addressesOfInputs(inputs);
    expect(new Set(listSecrets({ addresses, token: 'ghs-token', environment: {} }))).toEqual(
      new Set(['ghs-token', 'first', 'second']),
    );
  });

  it('finds the passwords of the addresses among what before takes', () => {
    const before =
      ' roles.sql\n  postgres://a:fi%2Frst@host/db?sslmode=require \nsupabase/seed.sql\npostgresql://b:sec:ond@host/db';
    expect(secretsOf(new Map([['before', before]]))).toEqual(expect.arrayContaining(['fi%2Frst', 'sec:ond']));
  });

  it('takes a line break in an address for one of its password', () => {
    const url = 'postgres://a:p@ss\nword@host/db';
    const secrets = secretsOf(new Map([['database-url', url]]));
    expect(secrets).toContain('p@ss\nword');
    expect(secrets).not.toContain('p');
  });

  it('finds the password of the environment, unless it is the name of the user', () => {
    const addresses = ['postgres://postgres@localhost/postgres'];
    const secrets = (PGPASSWORD: string) =>
      listSecrets({ addresses, token: null, environment: { PGPASSWORD } });
    expect(secrets('s3cret')).toEqual(['s3cret']);
    expect(secrets('postgres')).toEqual([]);
  });

  it('finds the keys of backups, and takes no word for one', () => {
    const environment = { SCHEMA_FIX_BACKUP_KEY: 'of the environment' };
    expect(listSecrets({ addresses: [], token: null, keys: [' given ', 'none'], environment })).toEqual([
      'given',
      'of the environment',
    ]);
    expect(keysAmong(['deploy', '--backup-key', 'one', '--backup-key=other'])).toEqual(['one', 'other']);
  });

  it('finds nothing where nothing was given', () => {
    expect(listSecrets({ addresses: [], token: '', environment: {} })).toEqual([]);
  });
});

describe('addressesAmong', () => {
  it.each([
    [['--postgres-url', 'postgres://a:s3cret@h/db']],
    [['--postgers-url=postgres://a:s3cret@h/db']],
    [['rehearse', "--url=host=h password='s3cret'"]],
  ])('finds the address in %s', (words) => {
    const secrets = listSecrets({ addresses: addressesAmong(words), token: null, environment: {} });
    expect(secrets.join()).toContain('s3cret');
  });

  it('takes no other word for one', () => {
    expect(addressesAmong(['rehearse', '--state', '7', '--json=report.json'])).toEqual([]);
  });
});

describe('readSecrets', () => {
  const throwaway = 'postgres://postgres:test@localhost/postgres';
  const hide = (text: string, addresses: readonly string[], given = throwaway) =>
    hideSecrets(text, readSecrets({ addresses, throwaway: [given], token: null, environment: {} }));

  it('hides the password of a throwaway server where it is a word, not inside of others', () => {
    expect(hide('tests of test, :test@localhost, "test" and contest', [throwaway])).toBe(
      'tests of ***, :***@localhost, "***" and contest',
    );
  });

  it('hides a password of a few letters, whosever it is, only where it stands alone', () => {
    const somebody = 'postgres://app:n@db.example.org/app';
    expect(hide('no columns of n, app:n@db', [somebody])).toBe('no columns of ***, app:***@db');
  });

  it('hides it anywhere where it is the password of somebody, too', () => {
    const somebody = 'postgres://app:test@db.example.org/app';
    expect(hide('tests', [throwaway, somebody])).toBe('***s');
  });

  it.each([
    ['te5t', 'te5ts of te5t and pg_te5t', 'te5ts of *** and pg_te5t'],
    ['1', '1 of 12 databases, :1@localhost', '*** of 12 databases, :***@localhost'],
    ['a.b*', 'xa.b*y, a.b*', 'xa.b*y, ***'],
    ['p-w', 'p-ws, p-w', 'p-ws, ***'],
  ])('never hides the password %s of a throwaway server inside of another word', (password, text, hidden) => {
    const address = `postgres://postgres:${encodeURIComponent(password)}@localhost/postgres`;
    expect(hide(text, [address], address)).toBe(hidden);
  });
});

describe('throwawayAmong', () => {
  it.each([[['rehearse', '--postgres-url', 'postgres://a:b@h/d']], [['--postgres-url=postgres://a:b@h/d']]])(
    'finds the address of the server in %j',
    (words) => {
      expect(throwawayAmong(words)).toEqual(['postgres://a:b@h/d']);
    },
  );

  it('takes no other address for one', () => {
    expect(throwawayAmong(['deploy', '--database-url', 'postgres://a:b@h/d'])).toEqual([]);
  });
});

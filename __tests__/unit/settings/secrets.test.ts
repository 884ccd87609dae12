import { describe, expect, it } from '@jest/globals';
import {
  hideSecrets,
  readAddressSecrets,
  secretForms,
  withoutSecrets,
} from '../../../src/settings/secrets.js';

const hostile = 'user:@/ # % " $ \nn#m+e\'';

describe('secretForms', () => {
  it.each([
    ['as it is', hostile],
    ['URL-encoded', encodeURIComponent(hostile)],
    [
      'URL-encoded in lower case',
      encodeURIComponent(hostile).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ],
    ['in JSON', JSON.stringify(hostile).slice(1, -1)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(hostile).slice(1, -1)).slice(1, -1)],
    ['in a SQL string', hostile.replaceAll("'", "''")],
    ['in a form', new URLSearchParams({ a: hostile }).toString().slice(2)],
    ['in HTML', hostile.replace('"', '&quot;')],
    ['in base64', Buffer.from(hostile).toString('base64')],
    ['on its first line', 'user:@/ # % " $ '],
  ])('holds the secret %s', (_where, form) => {
    expect(secretForms(hostile)).toContain(form);
  });

  it('holds the decoded secret where an encoded one is given', () => {
    expect(secretForms(encodeURIComponent(hostile))).toContain(hostile);
  });

  it('takes a secret with a lone percent sign as it is', () => {
    expect(secretForms('100%')).toContain('100%');
  });

  it('gives no form that is in half of all words', () => {
    expect(secretForms('long enough\na\n')).not.toContain('a');
  });

  it('puts longer forms first, so that none is broken up by a shorter one', () => {
    const lengths = secretForms(hostile).map(({ length }) => length);
    expect(lengths).toEqual([...lengths].sort((one, other) => other - one));
  });
});

describe('readAddressSecrets', () => {
  it.each([
    ['postgres://admin:s3cret@host/db', 's3cret'],
    ['postgresql://admin:s%2Fcret@host/db', 's%2Fcret'],
    ['postgres://admin:s/cr#t@x@host/db', 's/cr#t@x'],
    ['postgres://admin:1/2@host/db', '1/2'],
    ['postgres://admin@host/db?password=s3cret&sslmode=require', 's3cret'],
    ["host=localhost password='s3 cret' user=admin", "'s3 cret'"],
    // What somebody meant for an address.
    ['"postgres://admin:s3cret@host/db"', 's3cret'],
    ["'postgres://admin:s3cret@host/db'", 's3cret'],
    ['postgres//admin:s3cret@host/db', 's3cret'],
    ['//admin:s3cret@host/db', 's3cret'],
    ['admin:s3cret@host/db', 's3cret'],
    ['psql postgres://admin:s3cret@host/db', 's3cret'],
    ['DATABASE_URL="postgres://admin:s3cret@host/db"', 's3cret'],
  ])('finds the password of %s', (address, password) => {
    expect(readAddressSecrets(address)).toContain(password);
  });

  it('finds the password alone where an @ follows the host', () => {
    expect(readAddressSecrets('postgres://admin:s3cret@host/db?application_name=a@b')).toContain('s3cret');
  });

  it('does not take for a password what an @ in one has left of it', () => {
    expect(readAddressSecrets('postgres://admin:p@ss/word@host/db')).toEqual(['p@ss/word']);
  });

  it('does not hide a password that is the name of the user', () => {
    expect(readAddressSecrets('postgres://postgres:postgres@localhost:5432/postgres')).toEqual([]);
  });

  it('does not hide the name of the role that owns things, with which every local Supabase begins', () => {
    expect(readAddressSecrets('postgres://supabase_admin:postgres@localhost:54322/postgres')).toEqual([]);
  });

  it.each(['', 'postgres://host/db', 'not an address'])('finds nothing in "%s"', (address) => {
    expect(readAddressSecrets(address)).toEqual([]);
  });
});

describe('hideSecrets', () => {
  it('hides every occurrence', () => {
    expect(hideSecrets('s3cret and s3cret', secretForms('s3cret'))).toBe('*** and ***');
  });
});

describe('withoutSecrets', () => {
  it('hides secrets wherever they are in plain data, and keeps the rest', () => {
    const data = { texts: ['s3cret!', 'plain'], count: 3, nothing: null };
    expect(withoutSecrets(data, secretForms('s3cret'))).toEqual({
      texts: ['***!', 'plain'],
      count: 3,
      nothing: null,
    });
  });

  it.each(['fail', 'pass', 'state', 'rehearse'])(
    'leaves its own words as they are for a password %s',
    (word) => {
      const data = { command: 'rehearse', verdict: word, kind: 'state', text: `it will ${word}` };
      expect(withoutSecrets(data, secretForms(word))).toEqual({ ...data, text: 'it will ***' });
    },
  );

  it('leaves the words on which the report depends: who waits is said by the mode of a lock', () => {
    const data = {
      mode: 'AccessExclusiveLock',
      relation: 'public.Access',
      committed: 'yes',
      severity: 'note',
    };
    expect(withoutSecrets(data, secretForms('Access'))).toEqual({ ...data, relation: 'public.***' });
    const culprit = { proof: 'rows', table: 'public.rows' };
    expect(withoutSecrets(culprit, secretForms('rows'))).toEqual({ ...culprit, table: 'public.***' });
  });
});

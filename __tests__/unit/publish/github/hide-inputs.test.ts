import { describe, expect, it } from '@jest/globals';
import { collectSecrets } from '../../../../src/publish/github/hide-inputs.js';

describe('collectSecrets', () => {
  it('finds the token and the passwords of both addresses', () => {
    const inputs = new Map([
      ['github-token', 'ghs-token'],
      ['postgres-url', ' postgres://a:first@host/db\n'],
      ['database-url', 'postgres://b:second@host/db'],
      ['bundle', 'postgres://c:third@host/db'],
    ]);
    expect(new Set(collectSecrets({ inputs, environment: {} }))).toEqual(
      new Set(['ghs-token', 'first', 'second']),
    );
  });

  it('finds the passwords of the addresses among what before takes', () => {
    const before =
      ' roles.sql\n  postgres://a:fi%2Frst@host/db?sslmode=require \nsupabase/seed.sql\npostgresql://b:sec:ond@host/db';
    expect(collectSecrets({ inputs: new Map([['before', before]]), environment: {} })).toEqual(
      expect.arrayContaining(['fi%2Frst', 'sec:ond']),
    );
  });

  it('finds the password of the environment, unless it is the name of the user', () => {
    const inputs = new Map([['postgres-url', 'postgres://postgres@localhost/postgres']]);
    expect(collectSecrets({ inputs, environment: { PGPASSWORD: 's3cret' } })).toEqual(['s3cret']);
    expect(collectSecrets({ inputs, environment: { PGPASSWORD: 'postgres' } })).toEqual([]);
  });

  it('finds nothing where nothing was given', () => {
    expect(collectSecrets({ inputs: new Map([['github-token', '']]), environment: {} })).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { compareBackup } from '../../../../src/stages/backup/compare-backup.js';

/** As Postgres writes a role in an identifier, and in the text of an array of privileges. */
const written: Readonly<Record<string, readonly [identifier: string, inArray: string]>> = {
  notes_owner: ['notes_owner', 'notes_owner'],
  MyOwner: ['"MyOwner"', 'MyOwner'],
  'my-owner': ['"my-owner"', '\\"my-owner\\"'],
  'Own\'er "X"': ['"Own\'er ""X"""', '\\"Own\'er \\"\\"X\\"\\"\\"'],
};

function ownedBy(role: string, letters: string) {
  const [identifier = '', inArray = ''] = written[role] ?? [role, role];
  const acl = `{"${inArray}=arwd/${inArray}","app_user=${letters}/${inArray}"}`;
  return {
    objects: new Map([
      [`default privileges of ${identifier} on r`, acl],
      ['table public.notes', `kind r owner ${identifier} privileges ${acl}`],
    ]),
    owners: [role, 'postgres'],
  };
}

describe('definitions beside those of a backup', () => {
  it.each(Object.keys(written))(
    'are the same whoever owns them (%s), and other where others may more',
    (role) => {
      const leeway = { hostSchemas: [], excused: [] };
      const differing = (letters: string) =>
        compareBackup(ownedBy(role, 'r'), ownedBy('login_1', letters), leeway).differing;
      expect(differing('r')).toEqual([]);
      expect(differing('rw')).toHaveLength(2);
    },
  );
});

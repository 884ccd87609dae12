import { describe, expect, it } from '@jest/globals';
import { withSession } from '../../src/database/with-session.js';
import type { PreservationResult } from '../../src/model.js';
import { addHidden, digestHidden } from '../../src/stages/preservation/hidden-rows.js';
import { useTestDatabase } from '../support/server.js';

const connection = useTestDatabase();

const proven: PreservationResult = {
  outcome: 'pass',
  comparison: {
    outcome: 'pass',
    planned: 2,
    compared: 2,
    unwritten: 2,
    rows: 0,
    differing: 0,
    keys: [],
    declared: [],
    differences: [],
    seen: [],
  },
  kinds: [],
  quarantine: null,
  reason: null,
};

describe('rows that the deployer cannot read', () => {
  it('are compared by a superuser, for whom no cast of somebody else runs', async () => {
    await withSession(connection(), async (session) => {
      const look = () => digestHidden(session, 'pg_monitor');
      await session.query(`create schema vault;
        create table vault.keys (id int, key text);
        insert into vault.keys values (1, 'first'), (2, 'second');
        create table vault.empty ();
        create function vault.trap(keys vault.keys) returns text language plpgsql as 'begin raise exception ''ran as %'', current_user; end';
        create cast (vault.keys as text) with function vault.trap(vault.keys) as implicit`);
      const before = await look();
      expect([...before.keys()]).toEqual(['vault.empty', 'vault.keys']);
      expect(addHidden(proven, before, await look())).toEqual(proven);

      await session.query("update vault.keys set key = 'third' where id = 2");
      expect(addHidden(proven, before, await look())).toMatchObject({
        outcome: 'fail',
        comparison: { outcome: 'fail', differences: [{ word: 'changed', table: 'vault.keys' }] },
      });
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { FactType } from '../../src/model.js';
import { projectQuarantine, projectTable } from '../../src/stages/preservation/project-facts.js';
import { aFact, aKind } from '../support/preserved.js';
import { useTestDatabase, withClient } from '../support/server.js';

const database = useTestDatabase();
const id = '6F9619FF-8B86-D011-B42D-00CF4FC964FF';

/** The fact of a value that is kept in a column of this type. */
async function factOf(type: FactType, column: string, value: string): Promise<string | null> {
  const kind = aKind({
    name: 'values',
    from: ['public.t'],
    to: [],
    facts: [aFact({ name: 'fact', columns: ['value'], type })],
  });
  return withClient(database(), async (client) => {
    await client.query("set timezone = 'UTC'");
    await client.query(`create temporary table t (value ${column})`);
    await client.query('insert into t values ($1)', [value]);
    const sql = projectTable(kind, 'pg_temp.t', new Map([['value', column]]));
    const inPlace = await client.query<{ fact_0: string | null }>(sql);
    await client.query(
      'create temporary table q as select $1 as source_table, pg_catalog.to_jsonb(t) as row_data from t',
      ['public.t'],
    );
    const putAway = await client.query<{ fact_0: string | null }>(projectQuarantine(kind, 'pg_temp.q'));
    expect(putAway.rows).toEqual(inPlace.rows);
    return inPlace.rows[0]?.fact_0 ?? null;
  });
}

describe('a fact', () => {
  it.each<[FactType, string, string, string, string]>([
    ['uuid', 'uuid', id, 'text', id],
    ['uuid', 'uuid', id, 'text', id.toLowerCase()],
    ['uuid', 'uuid', id, 'text', `{${id}}`],
    ['bigint', 'bigint', '42', 'integer', '42'],
    ['bigint', 'bigint', '42', 'text', '42'],
    [
      'timestamptz',
      'timestamp with time zone',
      '2026-01-02 03:04:05.678901+00',
      'text',
      '2026-01-02 03:04:05.678901+00',
    ],
    [
      'timestamptz',
      'timestamp with time zone',
      '2026-01-02 03:04:05+00',
      'timestamp without time zone',
      '2026-01-02 03:04:05',
    ],
    [
      'timestamptz',
      'timestamp with time zone',
      '2026-01-02 03:04:05+00',
      'text',
      '2026-01-02T05:04:05+02:00',
    ],
    ['timestamptz', 'timestamp with time zone', '2026-01-02 03:04:05+00', 'text', '1767323045'],
    ['timestamptz', 'timestamp with time zone', '2026-01-02 03:04:05.678+00', 'bigint', '1767323045678'],
    ['text', 'text', 'she said "hi"', 'jsonb', '"she said \\"hi\\""'],
  ])(
    'of type %s is the same as %s %s and as %s %s, in its table and in quarantine',
    async (type, one, value, other, same) => {
      expect(await factOf(type, one, value)).toBe(await factOf(type, other, same));
    },
  );

  it.each<[FactType, string, string, string]>([
    ['uuid', 'uuid', id, id.replace('6', '7')],
    ['text', 'text', 'Milk', 'milk'],
    ['text', 'text', '', ' '],
    [
      'timestamptz',
      'timestamp with time zone',
      '2026-01-02 03:04:05.678901+00',
      '2026-01-02 03:04:05.678902+00',
    ],
  ])('of type %s tells %s %j from %j', async (type, column, value, other) => {
    expect(await factOf(type, column, value)).not.toBe(await factOf(type, column, other));
  });

  it.each([
    'infinity',
    '-infinity',
    '2024-02-29 12:00:00+14',
    '12026-01-01 00:00:00+00',
    '0044-03-15 12:00:00+00 BC',
  ])('is the time %s in quarantine too', async (time) => {
    expect(await factOf('timestamptz', 'timestamp with time zone', time)).not.toBeNull();
  });

  it.each([
    '',
    'yesterday evening',
    '2026-02-29 10:00',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01 10:00',
    '0000-01-01',
    '2026-01-01 10:00 or so',
  ])('is kept as it is where %j is no time', async (text) => {
    expect(await factOf('timestamptz', 'text', text)).toBe(text);
  });
});

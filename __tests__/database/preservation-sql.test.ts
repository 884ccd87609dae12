import { expect, it } from '@jest/globals';
import { engineSql } from '../../src/database/engine-sql.js';
import { withSession } from '../../src/database/with-session.js';
import { getTestServer } from '../support/server.js';

/** The number that stands for the quarantine. */
const quarantine = 9;

/** What became of rows of one kind: pairs of a table and of what tells a row, all of one heap. */
async function fatesOf(before: [number, number][], after: [number, number][], merging: number[] = []) {
  return withSession(getTestServer().connection, async (session) => {
    await session.query(
      `create temporary table schema_fix_before (kind int, source int, mask int, digest int8, label text);
       create temporary table schema_fix_after (kind int, source int, mask int, digest int8)`,
    );
    const list = (rows: [number, number][]) => [
      rows.map(([source]) => source),
      rows.map(([, row]) => row * 1024),
    ];
    await session.query(
      "insert into pg_temp.schema_fix_before select 0, source, 1, digest, 'a row' from unnest($1::int[], $2::int8[]) as r (source, digest)",
      list(before),
    );
    await session.query(
      'insert into pg_temp.schema_fix_after select 0, source, 1, digest from unnest($1::int[], $2::int8[]) as r (source, digest)',
      list(after),
    );
    const { rows } = await session.query<Record<string, string>>(engineSql('preservation'), [
      quarantine,
      merging,
    ]);
    const { in_place, moved, quarantined, merged, lost } = rows[0] ?? {};
    return [in_place, moved, quarantined, merged, lost].map(Number);
  });
}

it.each<[string, [number, number][], [number, number][], number[]]>([
  [
    'all moved to another table',
    [
      [1, 5],
      [1, 6],
    ],
    [
      [2, 5],
      [2, 6],
    ],
    [0, 2, 0, 0, 0],
  ],
  [
    'all moved to one of two tables',
    [
      [1, 5],
      [1, 6],
    ],
    [
      [2, 5],
      [3, 6],
    ],
    [0, 2, 0, 0, 0],
  ],
  [
    'some stayed',
    [
      [1, 5],
      [1, 6],
    ],
    [
      [1, 5],
      [2, 6],
    ],
    [1, 1, 0, 0, 0],
  ],
  [
    'some went where others had left',
    [
      [1, 5],
      [2, 6],
    ],
    [
      [2, 5],
      [1, 6],
    ],
    [0, 2, 0, 0, 0],
  ],
  [
    'all are in quarantine',
    [
      [1, 5],
      [1, 6],
    ],
    [
      [quarantine, 5],
      [quarantine, 6],
    ],
    [0, 0, 2, 0, 0],
  ],
  [
    'one is in quarantine',
    [
      [1, 5],
      [1, 6],
    ],
    [
      [2, 5],
      [quarantine, 6],
    ],
    [0, 1, 1, 0, 0],
  ],
  [
    'one is gone',
    [
      [1, 5],
      [1, 6],
    ],
    [[2, 5]],
    [0, 1, 0, 0, 1],
  ],
  [
    'one is gone whose number is 0',
    [
      [1, 5],
      [1, 0],
    ],
    [[2, 5]],
    [0, 1, 0, 0, 1],
  ],
  [
    'another came instead of one',
    [
      [1, 5],
      [1, 6],
    ],
    [
      [2, 5],
      [2, 7],
    ],
    [0, 1, 0, 0, 1],
  ],
  [
    'another is there twice instead',
    [
      [1, 5],
      [1, 6],
    ],
    [
      [2, 5],
      [2, 5],
    ],
    [0, 1, 0, 0, 1],
  ],
])('counts what became of rows, where %s', async (_, before, after, expected) => {
  expect(await fatesOf(before, after)).toEqual(expected);
});

it('counts equal rows that became one', async () => {
  expect(
    await fatesOf(
      [
        [1, 5],
        [1, 5],
      ],
      [[2, 5]],
      [0],
    ),
  ).toEqual([0, 1, 0, 1, 0]);
  expect(
    await fatesOf(
      [
        [1, 5],
        [1, 5],
      ],
      [
        [2, 5],
        [2, 6],
      ],
      [0],
    ),
  ).toEqual([0, 1, 0, 1, 0]);
});

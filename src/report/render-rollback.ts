/** What came of a rollback → a text for a terminal, and the same as a script. */

import { type Obstacle, remedyFor } from '../stages/history/obstacle.js';
import type { Rollback } from '../stages/history/roll-back-target.js';
import { makeVisible } from './escape.js';

export function renderRollback(
  { recorded, obstacles, kept, rows, isKept }: Rollback,
  { place, toSql }: { readonly place: string; readonly toSql: string | null },
): string {
  const what = `deployment ${recorded.id} of ${makeVisible(recorded.bundle)}, ${recorded.at.toISOString()}`;
  if (obstacles.length > 0) {
    return [
      `Not rolled back: ${what}, in ${place}. Nothing was changed. In the way ${obstacles.length === 1 ? 'stands' : 'stand'}:`,
      ...obstacles.map(({ what: it }) => `  - ${makeVisible(it)}`),
      ...remedies(obstacles),
      '',
    ].join('\n');
  }
  return [
    isKept
      ? `Rolled back: ${what}, in ${place}.`
      : `Not rolled back, but written to ${toSql}: ${what}, in ${place}.`,
    `  The catalog is what it was. ${rows.putBack} rows are as they were, ${rows.takenOut} that the deployment added are gone; every row written since is kept.`,
    ...(kept.length === 0 ? [] : ['  What stays, shut to everybody but its owner:']),
    ...kept.map((it) => `  - ${makeVisible(it)}`),
    '',
  ].join('\n');
}

function remedies(obstacles: readonly Obstacle[]): string[] {
  const found = [...new Set(obstacles.map(({ kind }) => remedyFor(kind)))].filter(
    (remedy) => remedy !== null,
  );
  return found.map((remedy) => `  ${remedy}.`);
}

export function renderRollbackScript({ recorded, statements }: Rollback, place: string): string {
  return [
    `-- Returns ${makeVisible(place)} to what it was before deployment ${recorded.id} (${recorded.at.toISOString()}).`,
    '-- Written for the database as it was when this was written: run it before anybody has changed what it is about.',
    '-- With psql: psql -v ON_ERROR_STOP=1 -f THIS_FILE. An error rolls all of it back.',
    'begin;',
    'set local search_path = pg_catalog, pg_temp;',
    "set local timezone = 'UTC';",
    "set local datestyle = 'ISO, MDY';",
    "set local intervalstyle = 'postgres';",
    "set local bytea_output = 'hex';",
    'set local extra_float_digits = 1;',
    ...statements.map((sql) => `${sql};`),
    'commit;',
    '',
  ].join('\n');
}

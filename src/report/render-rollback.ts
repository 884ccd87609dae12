/** What came of a rollback → what is told of it, the same as a text for a terminal, and the statements as a script. */
import type { SqlProblem } from '../model.js';
import { type Obstacle, remedyFor } from '../stages/history/obstacle.js';
import type { Rollback } from '../stages/history/roll-back-target.js';
import { makeVisible } from './escape.js';
import { counted } from './words.js';

export interface ToldRollback {
  readonly isDone: boolean;
  /** One sentence. */
  readonly headline: string;
  readonly lists: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

interface Place {
  readonly place: string;
  readonly toSql: string | null;
  /** Of the way to the database. */
  readonly known: readonly string[];
}

export const onTheWay = 'To know of the way to the database';

export function tellRollback(
  { recorded, obstacles, kept, rows, isKept }: Rollback,
  { place, toSql, known }: Place,
): ToldRollback {
  const what = `deployment ${recorded.id} of ${recorded.bundle}, ${recorded.at.toISOString()}, in ${place}`;
  if (obstacles.length > 0) {
    return {
      isDone: false,
      headline: `Not rolled back: ${what}. Nothing was changed`,
      lists: [
        {
          title: `In the way ${obstacles.length === 1 ? 'stands' : 'stand'}`,
          lines: obstacles.map(({ what: it }) => it),
        },
        { title: 'What you can do', lines: remedies(obstacles) },
        { title: onTheWay, lines: known },
      ].filter(({ lines }) => lines.length > 0),
    };
  }
  return {
    isDone: true,
    headline: isKept ? `Rolled back: ${what}` : `Not rolled back, but written to ${toSql}: ${what}`,
    lists: [
      {
        title: 'What came back',
        lines: [
          `The catalog is what it was. ${counted(rows.putBack, 'row is as it was', 'rows are as they were')}, ${counted(rows.takenOut, 'row that the deployment added is', 'rows that the deployment added are')} gone; every row written since is kept`,
        ],
      },
      { title: 'What stays, shut to everybody but its owner', lines: kept },
      { title: onTheWay, lines: known },
    ].filter(({ lines }) => lines.length > 0),
  };
}

/** Of a rollback whose commit was not answered, and of which nobody could say what became of it. */
export function tellUnknown({ message, advice }: SqlProblem, place: string): ToldRollback {
  return {
    isDone: false,
    headline: `Unknown whether ${place} was changed: ${message.replace(/\.$/, '')}`,
    lists: advice === null ? [] : [{ title: 'What you can do', lines: [advice] }],
  };
}

export function renderRollback({ headline, lists }: ToldRollback): string {
  return [
    `${makeVisible(headline)}.`,
    ...lists.flatMap(({ title, lines }) => [
      `  ${title}:`,
      ...lines.map((line) => `  - ${makeVisible(line)}`),
    ]),
    '',
  ].join('\n');
}

function remedies(obstacles: readonly Obstacle[]): string[] {
  return [...new Set(obstacles.map(({ kind }) => remedyFor(kind)))].filter((remedy) => remedy !== null);
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

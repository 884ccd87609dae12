/** The statements of a way back that come when its rows are back, keys among them → run, or what stands in the way. */
import { nameInSql } from '../../database/quote.js';
import type { WayBack } from './note-deployment.js';
import { type Choices, isInTheWay, type Obstacle, sayError } from './obstacle.js';
import type { Run } from './run.js';

/** foreign_key_violation, check_violation: can be there not valid. */
const canBeNotValid = ['23503', '23514'];

interface Late {
  readonly obstacles: readonly Obstacle[];
  readonly kept: readonly string[];
  /** Definitions that are not as they were. */
  readonly exempt: readonly string[];
}

export async function runLate(
  run: Run,
  { steps, before }: WayBack,
  { keysNotValid }: Choices,
): Promise<Late> {
  const obstacles: Obstacle[] = [];
  const kept: string[] = [];
  const exempt: string[] = [];
  for (const { phase, sql } of steps) {
    if (phase !== 'late') continue;
    const index = indexOf(sql);
    // Nobody can make one that is not valid, and where rows are alike none that is; of a partitioned table it is the parts' affair.
    if (index !== null && / valid f /.test(before[`index ${index}`] ?? '')) {
      exempt.push(`index ${index}`);
      kept.push(`the index ${index} is not made again: it was not valid`);
      continue;
    }
    try {
      await run.orUndo(() => run(sql));
    } catch (error: unknown) {
      if (!isInTheWay(error)) throw error;
      const filled = error.code === notNull ? columnToFill(sql) : null;
      const isKey = canBeNotValid.includes(error.code ?? '') && /^alter table .* add constraint /is.test(sql);
      const what = `${sql}: ${sayError(error)}`;
      if (!(isKey || filled !== null) || !keysNotValid) {
        obstacles.push({ kind: isKey || filled !== null ? 'key' : 'statement', what });
        continue;
      }
      if (filled !== null) {
        exempt.push(filled);
        kept.push(`rows that ${sql} forbids: the column may be empty`);
        continue;
      }
      await run(`${sql} not valid`);
      exempt.push(
        `constraint ${/ add constraint ("(?:[^"]|"")*"|\S+)/i.exec(sql)?.[1]?.replaceAll('"', '') ?? ''}`,
      );
      kept.push(`rows that ${sql} forbids: it is not valid`);
    }
  }
  return { obstacles, kept, exempt };
}

/** not_null_violation */
const notNull = '23502';

const columnWithoutNulls = new RegExp(
  `^alter table (?:only )?(${nameInSql}) alter column (${nameInSql}) set not null$`,
  'i',
);

/** As the fingerprint names it. */
function columnToFill(sql: string): string | null {
  const [, table, column] = columnWithoutNulls.exec(sql) ?? [];
  if (table === undefined || column === undefined) return null;
  return `column ${table}.${column}`.replaceAll(/"([a-z_][a-z0-9_$]*)"/g, '$1');
}

/** Quoted as the fingerprint quotes it; null, too, for one of a partitioned table: `on only`. */
function indexOf(sql: string): string | null {
  const [, name, schema] =
    /^create (?:unique )?index ("(?:[^"]|"")*"|\S+) on ("(?:[^"]|"")*"|[^\s."]+)\./i.exec(sql) ?? [];
  return name === undefined ? null : `${schema}.${name}`;
}

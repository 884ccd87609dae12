/** The statements of a way back that give tables the shape of before → run, another way where there is one, or what stands in the way. */
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import type { Matched } from './match-rows.js';
import { describeRefused, isInTheWay, type Obstacle } from './obstacle.js';
import { findOtherWay } from './other-way.js';
import type { Step } from './plan-way-back.js';
import type { Run } from './run.js';

/** dependent_objects_still_exist, and what is gone with what it hung on. */
const needed = ['2BP01'];
const gone = ['42704', '42P01'];

interface Shaped {
  readonly obstacles: readonly Obstacle[];
  readonly kept: readonly string[];
  /** Statements for when the rows of before are back. */
  readonly after: readonly string[];
}

export async function runShape(
  session: Session,
  run: Run,
  {
    steps,
    held,
    matched,
  }: {
    readonly steps: readonly Step[];
    readonly held: ReadonlySet<string>;
    readonly matched: readonly Matched[];
  },
): Promise<Shaped> {
  const kept: string[] = [];
  const after: string[] = [];
  const isOfHeld = ({ kind, schema, table, name }: Step['destroys'][number]) =>
    schema !== null && held.has(`${quoteName(schema)}.${quoteName(kind === 'table' ? name : (table ?? ''))}`);
  for (const { phase, sql, destroys } of steps) {
    if (phase !== 'shape') continue;
    // Whatever was to be taken from a table that stays was taken, or stays with it.
    if (held.size > 0 && destroys.some(isOfHeld)) continue;
    try {
      await run.orUndo(() => run(sql));
    } catch (error: unknown) {
      if (!isInTheWay(error)) throw error;
      // That of a table goes to whom the table goes to; what it comes to is compared at the end.
      if (error.code === '0A000' && /^alter sequence .* owner to /i.test(sql)) continue;
      const isDrop = (destroys.length > 0 || leavesPublication.test(sql)) && held.size > 0;
      if (isDrop && gone.includes(error.code ?? '')) continue;
      if (isDrop && needed.includes(error.code ?? '')) {
        kept.push(`what ${sql} would take away: something that stays needs it`);
        continue;
      }
      const otherwise = await findOtherWay(session, { sql, code: error.code ?? '', matched });
      if (otherwise !== null && (await isDone(run, otherwise.statements))) {
        after.push(...otherwise.after);
        continue;
      }
      return { obstacles: [describeRefused(sql, error)], kept, after };
    }
  }
  return { obstacles: [], kept, after };
}

/** What Postgres refuses leaves nothing behind. */
async function isDone(run: Run, statements: readonly string[]): Promise<boolean> {
  try {
    await run.orUndo(async () => {
      for (const sql of statements) await run(sql);
    });
    return true;
  } catch (error: unknown) {
    if (!isInTheWay(error)) throw error;
    return false;
  }
}

/** A table that stays was taken out of it already. */
const leavesPublication = /^alter publication .* drop table /i;

/** Where Postgres would not quote. */
function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : quoteIdentifier(name);
}

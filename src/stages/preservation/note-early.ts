/** Tables that are compared → their rows, noted while others write; and when nobody can any more, which of them are noted as they are. */
import { isDeepStrictEqual } from 'node:util';
import { withOwnersView } from '../../database/owners-view.js';
import type { Session } from '../../database/with-session.js';
import type { Bundle } from '../../model.js';
import { findUntouched, type Marks, markRows } from '../mark-rows.js';
import { withTablesRead } from '../tables-read.js';
import { followKeys } from './follow-keys.js';
import { makeNotes } from './note-table.js';
import { isLeftToCounters, type NotedTable, noteOne } from './note-tables.js';
import { type Allowance, type NoteOptions, planComparison } from './plan-comparison.js';
import { readSeal } from './read-seal.js';
import { readShapes, type Shape, type Shapes } from './read-shapes.js';
import { withPlainText } from './with-plain-text.js';

/** What was noted, and what tells whether it still holds. */
export interface EarlyRows {
  readonly allowances: readonly Allowance[];
  /** By the place of the allowance. */
  readonly tables: ReadonlyMap<number, EarlyTable>;
  readonly marks: Marks;
  readonly seal: string;
}

interface EarlyTable extends NotedTable {
  /** Numbers of the tables whose rows the manifest's expressions read, its own among them. */
  readonly readFrom: ReadonlySet<string>;
}

/** In the transaction that the fix is then applied in. On a target alone: a rehearsal has nobody who writes. */
export async function noteRowsEarly(
  session: Session,
  bundle: Bundle,
  { readsLarge }: Pick<NoteOptions, 'readsLarge'>,
): Promise<EarlyRows> {
  await makeNotes(session);
  const planned = planComparison(bundle, await readShapes(session), { readsAll: false });
  const names = planned.map(({ table }) => table);
  return withOwnersView(session, names, async () => {
    const shapes = await readShapes(session);
    const allowances = followKeys(planned, shapes);
    const noted: { readonly index: number; readonly allowance: Allowance; readonly shape: Shape }[] = [];
    for (const [index, allowance] of allowances.entries()) {
      const shape = shapes.get(allowance.table);
      if (shape === undefined || shape.kind !== 'r' || !shape.isReadable) continue;
      if (await isLeftToCounters(session, allowance, shape, readsLarge)) continue;
      noted.push({ index, allowance, shape });
    }
    const marks = await markRows(
      session,
      noted.map(({ shape }) => shape),
    );
    const tables = new Map<number, EarlyTable>();
    await withPlainText(session, async () => {
      for (const { index, allowance, shape } of noted) {
        const { result, tables: readFrom } = await withTablesRead(session, () =>
          noteOne(session, index, allowance, shape),
        );
        tables.set(index, { ...result, readFrom });
      }
    });
    return { allowances, tables, marks, seal: await readSeal(session) };
  });
}

/** The places of the allowances whose rows need not be noted again, with their number. Nobody else writes by now. */
export async function confirmRows(
  session: Session,
  early: EarlyRows,
  { allowances, shapes }: { readonly allowances: readonly Allowance[]; readonly shapes: Shapes },
): Promise<ReadonlyMap<number, number>> {
  if (!isDeepStrictEqual(allowances, early.allowances)) return new Map();
  const untouched = await findUntouched(session, early.marks);
  return new Map(
    [...early.tables].flatMap(([index, { allowance, readFrom, noted, rows }]) => {
      const shape = shapes.get(allowance.table);
      const isSame = isDeepStrictEqual(shape?.columns, noted?.columns);
      const holds = [shape?.oid ?? '', ...readFrom].every((oid) => untouched.has(oid));
      return isSame && holds ? [[index, rows] as const] : [];
    }),
  );
}

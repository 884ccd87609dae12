/** All rows of the tables that are compared, noted before the fix → what became of each, and each that nobody had before. */
import type { Session } from '../../database/with-session.js';
import type { Bundle } from '../../model.js';
import { countLeft } from './count-left.js';
import { beginFates, type Comparing, type Fates, placesOf, shapeNow } from './fates.js';
import { holdPointers } from './hold-pointers.js';
import { collectFound } from './match-rows.js';
import { nameChanged, nameGivenUp, nameOthers } from './name-differences.js';
import { nameIdle } from './name-idle.js';
import { nameLeftBehind } from './name-left-behind.js';
import { indexesIn, settleTable } from './note-table.js';
import type { NotedTable } from './note-tables.js';
import type { Shapes } from './read-shapes.js';
import { nameHalfQuarantined, nameSetAside, takeEmptied, takeQuarantined } from './set-aside.js';
import { nameNobodys, takeCopiesSetAside } from './set-aside-copies.js';
import { takeJoined } from './take-joined.js';
import { countAlike, takeCopies, takeExpected, takeMerged, takeVariants } from './take-rows.js';

/** `unwritten` are tables that need not be looked at again. */
export async function compareTables(
  session: Session,
  { quarantine, preserve }: Pick<Bundle, 'quarantine' | 'preserve'>,
  tables: readonly NotedTable[],
  { shapes, unwritten }: { readonly shapes: Shapes; readonly unwritten: ReadonlySet<string> },
): Promise<Fates[]> {
  const compared = tables.map(beginFates);
  const comparing: Comparing = { tables, compared, shapes, quarantine };
  for (const [index, { noted, allowance, before }] of tables.entries()) {
    if (unwritten.has(allowance.table)) continue;
    if (before !== null && noted === null) continue;
    await settleTable(session, index, { noted, shape: shapeNow(comparing, allowance.table) });
  }
  const pending = await indexesIn(session, 'schema_fix_pending');
  for (const index of pending) await holdPointers(session, comparing, index);
  for (const index of pending) await takeThere(session, comparing, index, 'where they were');
  for (const index of pending)
    (compared[index] as Fates).moved += await takeThere(session, comparing, index, 'elsewhere');
  for (const index of pending) {
    (compared[index] as Fates).quarantined += await takeQuarantined(session, comparing, index);
    await nameIdle(session, comparing, index);
    if (!(await indexesIn(session, 'schema_fix_kept')).includes(index)) continue;
    for (const place of placesOf(comparing, index)) {
      await collectFound(session, place.index, place.projection);
      await takeEmptied(session, index, place);
    }
  }
  for (const index of pending) {
    const { merge, yields } = (tables[index] as NotedTable).allowance;
    if (!merge) continue;
    for (const place of placesOf(comparing, index)) {
      const fates = compared[index] as Fates;
      const comparison = { ...place.comparison, yields };
      const joined = await takeJoined(session, index, { ...place, comparison }, fates);
      const merging = { ...place, comparison: { ...comparison, isMerged: true } };
      fates.merged += (await takeMerged(session, index, merging)) - joined;
      if (!comparison.isHome) fates.moved += joined;
    }
  }
  for (const index of pending) await countAlike(session, comparing, index);
  for (const index of tables.keys()) await countLeft(session, comparing, index);
  await nameChanged(session, comparing);
  await nameGivenUp(session, comparing);
  await nameLeftBehind(session, comparing, preserve);
  await nameSetAside(session, comparing);
  await nameHalfQuarantined(session, comparing);
  await takeCopiesSetAside(session, comparing);
  await nameNobodys(session, comparing);
  await takeCopies(session, comparing);
  await takeExpected(session, comparing);
  await nameOthers(session, comparing);
  return compared;
}

/** Rows of a table, in whichever way they may have changed; returns how many there are. */
async function takeThere(
  session: Session,
  comparing: Comparing,
  index: number,
  where: 'where they were' | 'elsewhere',
): Promise<number> {
  let taken = 0;
  for (const { index: place, projection, comparison } of placesOf(comparing, index)) {
    if (comparison.isHome !== (where === 'where they were')) continue;
    await collectFound(session, place, projection);
    taken += await takeVariants(session, index, comparison, comparing.compared[index]);
  }
  return taken;
}

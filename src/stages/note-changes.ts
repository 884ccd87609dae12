/** Definitions of the catalog before and after → what the fix changes, and what of it was not planned. */
import type { ChangesResult, ObjectDifference, Skipped } from '../model.js';
import { changesBeyond, compareDefinitions, findUnplanned } from './compare-definitions.js';
import type { TargetGuards } from './fix-options.js';

/** Of a database without a record, which is neither a target nor rolled back, nobody reads the definitions. */
export function noteChanges(
  before: ReadonlyMap<string, string> | null,
  after: ReadonlyMap<string, string> | null,
  {
    declared,
    guards,
  }: { readonly declared: readonly ObjectDifference[]; readonly guards: TargetGuards | null },
): ChangesResult | Skipped {
  if (before === null || after === null)
    return { outcome: 'skipped', reason: 'definitions are read where the fix is rolled back' };
  const changes = [...compareDefinitions(before, after), ...changesBeyond(declared)];
  const planned = guards?.planned ?? null;
  const unplanned = planned === null ? [] : findUnplanned(planned, changes);
  return { outcome: unplanned.length === 0 ? 'pass' : 'fail', changes, unplanned };
}

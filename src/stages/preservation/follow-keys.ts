/** What is compared → the same, and a row with a key to another may be put into quarantine where that one may. */
import { quoteIdentifier } from '../../database/quote.js';
import type { Allowance } from './plan-comparison.js';
import { conditionForQuarantine } from './project-row.js';
import type { ForeignKey, Shape, Shapes } from './read-shapes.js';

/** Only tables that the manifest does not name: for the others it says which rows may be there. */
export function followKeys(allowances: readonly Allowance[], shapes: Shapes): Allowance[] {
  const conditions = new Map<string, string>();
  // Each after those that it points at, but for keys that lead around.
  return allowances.map((allowance) => {
    const shape = shapes.get(allowance.table);
    if (shape === undefined) return allowance;
    const followed = allowance.followsKeys
      ? { ...allowance, quarantine: rulesOf(shape, shapes, conditions) }
      : allowance;
    if (followed.quarantine.length > 0) conditions.set(shape.oid, conditionForQuarantine(followed, shape));
    return followed;
  });
}

function rulesOf(
  { keys }: Shape,
  shapes: Shapes,
  conditions: ReadonlyMap<string, string>,
): Allowance['quarantine'] {
  const pointers = [...new Set(keys.map(({ constraint }) => constraint))].flatMap((constraint) => {
    const pairs = keys.filter((key) => key.constraint === constraint);
    const parent = [...shapes.values()].find(({ oid }) => oid === pairs[0]?.references);
    const condition = conditions.get(parent?.oid ?? '');
    return parent === undefined || condition === undefined ? [] : [pointsAt(pairs, parent, condition)];
  });
  return pointers.length === 0
    ? []
    : [{ when: pointers.map((pointer) => `(${pointer})`).join(' or '), reason: null }];
}

/** Asked once for all rows that point there. */
function pointsAt(pairs: readonly ForeignKey[], { relation }: Shape, condition: string): string {
  const texts = (columns: readonly string[]) =>
    `array[${columns.map((column) => `pg_catalog.concat(this.${quoteIdentifier(column)})`).join(', ')}]`;
  const isSet = pairs.map(({ column }) => `this.${quoteIdentifier(column)} is not null`).join(' and ');
  return `${isSet} and ${texts(pairs.map(({ column }) => column))} in (
    select ${texts(pairs.map(({ referenced }) => referenced))} from ${relation} as this where ${condition}
  )`;
}

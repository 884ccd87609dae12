/** Unique constraints and primary keys over the same columns → all but the first in statements of their own: within one, Postgres makes one of them. */
import { type Step, splitCreation, splitItems } from './fold-columns.js';

const keyed = /^constraint (?:"(?:[^"]|"")*"|\S+) (?:unique(?: nulls not distinct)?|primary key) \((.*)$/is;

export function partConstraints(step: Step): readonly Step[] {
  const created = splitCreation(step.sql);
  if (created === null) return [step];
  const known = new Set<string>();
  const apart: string[] = [];
  const items = created.items.filter((item) => {
    // What is stored how does not tell them from each other.
    const columns = splitItems(keyed.exec(item)?.[1] ?? '')?.items.join();
    if (columns === undefined) return true;
    const isKnown = known.has(columns);
    if (isKnown) apart.push(item);
    known.add(columns);
    return !isKnown;
  });
  if (apart.length === 0) return [step];
  return [
    { ...step, sql: `${created.head}${items.join(', ')}${created.tail}` },
    ...apart.map((item) => ({ sql: `ALTER TABLE ${created.table} ADD ${item}`, produces: [] })),
  ];
}

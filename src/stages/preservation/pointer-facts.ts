/** A table with foreign keys → the columns that hold them as facts, and what may become of each. */

import { quoteIdentifier } from '../../database/quote.js';
import type { Bundle, Fact } from '../../model.js';
import { columnsCalled, type ForeignKey, type Shape, type Shapes } from './read-shapes.js';

export interface Around {
  readonly shapes: Shapes;
  /** Numbers of the tables whose keys are followed. */
  readonly reached: readonly string[];
}

/** Any of them: what it pointed at decides, which is known only after the fix. */
export const mayForget = 'true';

export function pointerFacts(bundle: Bundle, shape: Shape, { shapes, reached }: Around): Fact[] {
  if (bundle.keyed === null) return [];
  return distinctFacts(
    shape.keys
      .filter(({ references }) => reached.includes(references))
      .map((key) => pointerFact(bundle, key, shapes)),
  );
}

function pointerFact({ keyed, preserve }: Bundle, key: ForeignKey, shapes: Shapes): Fact {
  const { column, references, referenced, fallback } = key;
  const table = [...shapes.values()].find(({ oid }) => oid === references);
  const target = table?.columns.find(({ name }) => name === referenced);
  const followed = preserve
    .filter(({ from }) => table !== undefined && from.includes(table.name))
    .flatMap((kind) => kind.facts)
    .find((fact) => columnsCalled(table?.columns ?? [], fact.columns)[0]?.name === referenced);
  const told = keyed?.retype ? followed : undefined;
  // Of what is a key only together with another column, one value may be there several times: each gets one of its own.
  const isRenumbered = told?.isMadeUnique && table?.columns.filter(({ isKey }) => isKey).length !== 1;
  // Where the one that it points at is written anew, and it is not, nobody could say whether it is still there.
  const isWrittenAnew = followed?.normalise != null || (followed?.type === 'uuid' && target?.base !== 'uuid');
  const gap =
    keyed?.detach && (told !== undefined || !isWrittenAnew)
      ? mayForget
      : isRenumbered
        ? `value in (select pg_catalog.concat(p.${quoteIdentifier(referenced)}) from ${table?.relation} as p group by 1 having pg_catalog.count(*) > 1)`
        : null;
  const forgotten = fallback === null ? 'value is null' : `value is null or value = (${fallback})::text`;
  return {
    ...plainFact,
    ...told,
    name: column,
    columns: [column],
    gap,
    fill: isRenumbered ? 'true' : forgotten,
    isMadeUnique: false,
  };
}

/** Two kinds may look at one column; it is one fact of the row. */
export function distinctFacts(facts: readonly Fact[]): Fact[] {
  const known = new Map<string, Fact>();
  for (const fact of facts) {
    const key = fact.columns.join();
    if (!known.has(key)) known.set(key, fact);
  }
  return [...known.values()];
}

const plainFact: Omit<Fact, 'name' | 'columns'> = {
  columnsFrom: null,
  type: 'text',
  normalise: null,
  comparedAs: null,
  gap: null,
  fill: null,
  isMadeUnique: false,
};

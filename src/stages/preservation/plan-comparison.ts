/** A bundle and the tables there are → which tables are compared row by row, and what may become of the rows of each. */
import type { Bundle, Fact, Preserved, QuarantineRule } from '../../model.js';
import { columnsCalled, partitionsOf, type Shape, type Shapes } from './read-shapes.js';

/** What the manifest says of a table's rows, over all kinds of which it holds some. */
export interface Allowance {
  readonly table: string;
  /** Whether the fix may write into it at all. */
  readonly isDeclared: boolean;
  readonly facts: readonly Fact[];
  /** The facts by which a row is named; none: its primary key. */
  readonly by: readonly string[];
  /** Other tables that its rows may move to. */
  readonly to: readonly string[];
  readonly merge: boolean;
  readonly yields: readonly string[];
  readonly leaves: Preserved['leaves'];
  readonly notCopied: readonly string[];
  /** SQL conditions, each of which lets a new row be there. */
  readonly appears: readonly string[];
  /** Under which names its rows are looked for in quarantine. */
  readonly quarantinedAs: readonly string[];
  /** Which of them may be there, and what has to be said of each; null: whatever it is. */
  readonly quarantine: readonly (Pick<QuarantineRule, 'when'> & { readonly reason: string | null })[];
  /** Whether those of them may be that have a key to one that may. */
  readonly followsKeys: boolean;
}

export interface NoteOptions {
  /** Whether tables that the manifest does not name are read, too. */
  readonly readsAll: boolean;
  /** Whether a large table is read, or left to the counters: they say enough where nothing is written into it. */
  readonly readsLarge: (table: string) => boolean;
}

/**
 * Tables of the manifest, also those that are not there, and, where it declares them, those with a key to one of them. With
 * `readsAll` every other table, too, which must be as it was.
 */
export function planComparison(
  bundle: Bundle,
  shapes: Shapes,
  { readsAll }: Pick<NoteOptions, 'readsAll'>,
): Allowance[] {
  const named = namedTables(bundle);
  const ofNamed = partitionsOf(named, shapes);
  const keyed =
    bundle.keyed === null ? [] : keyedTables(named, shapes).filter(({ name }) => !ofNamed.has(name));
  const reached = [...named, ...keyed.map(({ name }) => name)];
  const planned = new Set([...reached, ...partitionsOf(reached, shapes)]);
  const others = [...shapes.values()].filter(
    ({ name, kind }) => readsAll && kind !== 'p' && !planned.has(name),
  );
  return [
    ...named.map((table) => allowanceFor(bundle, table, shapes)),
    ...keyed.map((shape) => allowanceForKeyed(bundle, shape, shapes)),
    ...others.map(({ name }) => ({ ...nothingAllowed, table: name })),
  ];
}

export function namedTables(bundle: Bundle): string[] {
  const named = [
    ...bundle.tables,
    ...bundle.preserve.flatMap(({ from, to }) => [...from, ...to]),
    bundle.quarantine,
    bundle.imported,
  ];
  return [...new Set(named.filter((table) => table !== null))];
}

function allowanceFor(bundle: Bundle, table: string, shapes: Shapes): Allowance {
  const kinds = bundle.preserve.filter(({ from }) => from.includes(table));
  const arriving = bundle.preserve.filter(({ to }) => to.includes(table));
  const isOwnBookkeeping = table === bundle.quarantine || table === bundle.imported;
  return {
    table,
    isDeclared: true,
    facts: withPointers(bundle, distinctFacts(kinds.flatMap(({ facts }) => facts)), { table, shapes }),
    by: kinds[0]?.by ?? [],
    to: [...new Set(kinds.flatMap(({ to }) => to))].filter((name) => name !== table),
    merge: kinds.some(({ merge }) => merge),
    yields: kinds.flatMap(({ yields }) => yields),
    notCopied: kinds.flatMap(({ notCopied }) => notCopied),
    leaves: Object.assign({}, ...kinds.map(({ leaves }) => leaves)),
    appears: isOwnBookkeeping ? ['true'] : arriving.flatMap(({ appears }) => appears ?? []),
    quarantinedAs: [...new Set(kinds.flatMap(({ from, to }) => [...from, ...to]))],
    quarantine: kinds.flatMap((kind) => kind.quarantine),
    followsKeys: false,
  };
}

/** Two kinds may look at one column; it is one fact of the row. */
function distinctFacts(facts: readonly Fact[]): Fact[] {
  const known = new Map<string, Fact>();
  for (const fact of facts) {
    const key = fact.columns.join();
    if (!known.has(key)) known.set(key, fact);
  }
  return [...known.values()];
}

/** Also those with a key to one of these: what is set aside takes along what hangs on it. */
function keyedTables(named: readonly string[], shapes: Shapes): Shape[] {
  const reached = new Set(named.flatMap((table) => shapes.get(table)?.oid ?? []));
  const found: Shape[] = [];
  for (let size = -1; size < found.length; ) {
    size = found.length;
    for (const shape of shapes.values()) {
      if (reached.has(shape.oid) || !shape.keys.some(({ references }) => reached.has(references))) continue;
      reached.add(shape.oid);
      found.push(shape);
    }
  }
  return found;
}

/** What the manifest says of keys, of those of one of its own tables: an answer may forget what it answered. */
function withPointers(
  bundle: Bundle,
  facts: readonly Fact[],
  { table, shapes }: { readonly table: string; readonly shapes: Shapes },
): Fact[] {
  const shape = shapes.get(table);
  if (bundle.keyed === null || shape === undefined) return [...facts];
  const reached = new Set(namedTables(bundle).flatMap((name) => shapes.get(name)?.oid ?? []));
  const pointers = pointerFacts(bundle, shape, shapes).filter(
    (pointer) =>
      shape.keys.some((key) => key.column === pointer.name && reached.has(key.references)) &&
      !facts.some((fact) =>
        columnsCalled(shape.columns, fact.columns).some(({ name }) => name === pointer.name),
      ),
  );
  return [...facts, ...pointers];
}

function pointerFacts({ keyed, preserve }: Bundle, shape: Shape, shapes: Shapes): Fact[] {
  const facts = shape.keys.map(({ column, references, referenced, fallback }): Fact => {
    const table = [...shapes.values()].find(({ oid }) => oid === references);
    const followed = preserve
      .filter(({ from }) => table !== undefined && from.includes(table.name))
      .flatMap((kind) => kind.facts)
      .find((fact) => columnsCalled(table?.columns ?? [], fact.columns)[0]?.name === referenced);
    const told = keyed?.retype ? followed : undefined;
    // Of what is a key only together with another column, one value may be there several times: each gets one of its own.
    const isRenumbered = told?.isMadeUnique && table?.columns.filter(({ isKey }) => isKey).length !== 1;
    const gap = keyed?.detach || isRenumbered ? 'true' : null;
    const forgotten = fallback === null ? 'value is null' : `value is null or value = (${fallback})::text`;
    const fill = isRenumbered ? null : forgotten;
    return { ...plainFact, ...told, name: column, columns: [column], gap, fill, isMadeUnique: false };
  });
  return distinctFacts(facts);
}

function allowanceForKeyed(bundle: Bundle, shape: Shape, shapes: Shapes): Allowance {
  const { keyed, quarantine } = bundle;
  return {
    ...nothingAllowed,
    table: shape.name,
    isDeclared: true,
    facts: pointerFacts(bundle, shape, shapes),
    quarantinedAs: keyed?.quarantine && quarantine !== null ? [shape.name] : [],
    followsKeys: keyed?.quarantine ?? false,
  };
}

const nothingAllowed: Omit<Allowance, 'table'> = {
  isDeclared: false,
  facts: [],
  by: [],
  to: [],
  merge: false,
  yields: [],
  notCopied: [],
  leaves: {},
  appears: [],
  quarantinedAs: [],
  quarantine: [],
  followsKeys: false,
};

const plainFact: Omit<Fact, 'name' | 'columns'> = {
  columnsFrom: null,
  type: 'text',
  normalise: null,
  comparedAs: null,
  gap: null,
  fill: null,
  isMadeUnique: false,
};

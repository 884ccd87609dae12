/** A bundle and the tables there are → which tables are compared row by row, and what may become of the rows of each. */
import type { Bundle, Fact, Preserved, QuarantineRule } from '../../model.js';
import { type Around, distinctFacts, pointerFacts } from './pointer-facts.js';
import { columnsCalled, oidsOf, partitionsOf, type Shape, type Shapes } from './read-shapes.js';

/** What the manifest says of a table's rows, over all kinds of which it holds some. */
export interface Allowance {
  readonly table: string;
  /** Whether the fix may write into it at all. */
  readonly isDeclared: boolean;
  readonly facts: readonly Fact[];
  /** Those of them that are keys, of which `keyed` says what may become. */
  readonly pointers: readonly string[];
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
  /** Reasons for which a copy of one that stays or moves may be there. */
  readonly copies: readonly string[];
  /** Whether those of them may be that have a key to one that may. */
  readonly followsKeys: boolean;
}

/** A bit of a number tells each of them. */
export const mostFacts = 31;

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
    ...keyed.map((shape) => allowanceForKeyed(bundle, shape, { shapes, reached: oidsOf(reached, shapes) })),
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
  const shape = shapes.get(table);
  const kinds = bundle.preserve.filter(({ from }) => from.includes(table));
  const arriving = bundle.preserve.filter(({ to }) => to.includes(table));
  const own = distinctFacts(kinds.flatMap(({ facts }) => facts)).map((fact) => asReadIn(fact, shape));
  // An answer may forget what it answered.
  const pointers =
    shape === undefined
      ? []
      : pointerFacts(bundle, shape, { shapes, reached: oidsOf(namedTables(bundle), shapes) }).filter(
          ({ name }) =>
            !own.some((fact) =>
              columnsCalled(shape.columns, fact.columns).some((column) => column.name === name),
            ),
        );
  return {
    table,
    isDeclared: true,
    facts: withPointers(own, pointers),
    pointers: pointers.map(({ name }) => name),
    by: kinds[0]?.by ?? [],
    to: [...new Set(kinds.flatMap(({ to }) => to))].filter((name) => name !== table),
    merge: kinds.some(({ merge }) => merge),
    yields: kinds.flatMap(({ yields }) => yields),
    notCopied: kinds.flatMap(({ notCopied }) => notCopied),
    leaves: Object.assign({}, ...kinds.map(({ leaves }) => leaves)),
    appears: table === bundle.imported ? ['true'] : arriving.flatMap(({ appears }) => appears ?? []),
    quarantinedAs: [...new Set(kinds.flatMap(({ from, to }) => [...from, ...to]))],
    quarantine: kinds.flatMap((kind) => kind.quarantine),
    copies: kinds.flatMap((kind) => kind.copies),
    followsKeys: false,
  };
}

/** A time without a zone is none until `normalise` says in which zone it was: by itself it would be read as UTC. */
function asReadIn(fact: Fact, shape: Shape | undefined): Fact {
  const [first] = columnsCalled(shape?.columns ?? [], fact.columns);
  const isRead =
    fact.type === 'timestamptz' &&
    fact.normalise !== null &&
    /^(timestamp without|date)/.test(first?.base ?? '');
  return isRead ? { ...fact, type: 'text' } : fact;
}

/** A key too many has to stay as it is. */
function withPointers(facts: readonly Fact[], pointers: readonly Fact[]): Fact[] {
  return [...facts, ...pointers].slice(0, Math.max(facts.length, mostFacts));
}

/** Also those with a key to one of these: what is set aside takes along what hangs on it. */
function keyedTables(named: readonly string[], shapes: Shapes): Shape[] {
  const reached = new Set(oidsOf(named, shapes));
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

function allowanceForKeyed(bundle: Bundle, shape: Shape, around: Around): Allowance {
  const { keyed, quarantine } = bundle;
  const pointers = pointerFacts(bundle, shape, around);
  return {
    ...nothingAllowed,
    table: shape.name,
    isDeclared: true,
    facts: withPointers([], pointers),
    pointers: pointers.map(({ name }) => name),
    quarantinedAs: keyed?.quarantine && quarantine !== null ? [shape.name] : [],
    followsKeys: keyed?.quarantine ?? false,
  };
}

const nothingAllowed: Omit<Allowance, 'table'> = {
  isDeclared: false,
  facts: [],
  pointers: [],
  by: [],
  to: [],
  merge: false,
  yields: [],
  notCopied: [],
  leaves: {},
  appears: [],
  quarantinedAs: [],
  quarantine: [],
  copies: [],
  followsKeys: false,
};

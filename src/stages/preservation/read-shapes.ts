/** A database → every table there is, with its columns and what this transaction has written into it so far. */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';

export interface Column {
  readonly name: string;
  readonly number: number;
  readonly type: string;
  /** The type under a domain. */
  readonly base: string;
  /** As `pg_type.typcategory` has it. */
  readonly category: string;
  readonly isGenerated: boolean;
  /** By the server, as an identity. */
  readonly isNumbered: boolean;
  /** SQL for its default. */
  readonly fallback: string | null;
  /** Of an enum. */
  readonly labels: string | null;
  /** Whether it belongs to the primary key. */
  readonly isKey: boolean;
}

export type Written = Readonly<Record<'appeared' | 'changed' | 'gone', number>>;

export interface Shape {
  /** `schema.name`, as manifests write it. */
  readonly name: string;
  /** The same, quoted. */
  readonly relation: string;
  readonly oid: string;
  /** As `pg_class.relkind` has it: table, partitioned table or materialized view. */
  readonly kind: 'r' | 'p' | 'm';
  readonly isPartition: boolean;
  readonly isReadable: boolean;
  readonly isOurs: boolean;
  /** Changes when somebody rewrites the table, or empties it. */
  readonly file: string;
  /** How many rows this transaction has written into it. */
  readonly written: Written;
  readonly columns: readonly Column[];
  readonly parents: readonly string[];
  readonly keys: readonly ForeignKey[];
}

/** One pair of columns of a foreign key; `references` is the other table's number. */
export interface ForeignKey {
  /** A number. */
  readonly constraint: string;
  readonly column: string;
  readonly references: string;
  readonly referenced: string;
  /** SQL for what the column becomes when what it points at goes, where that is its default. */
  readonly fallback: string | null;
}

export type Shapes = ReadonlyMap<string, Shape>;

export async function readShapes(session: Session): Promise<Shapes> {
  const { rows } = await session.query<{
    name: string;
    relation: string;
    oid: string;
    kind: Shape['kind'];
    is_partition: boolean;
    is_readable: boolean;
    is_ours: boolean;
    file: string;
    written: Written;
    columns: Column[];
    parents: string[];
    keys: Shape['keys'];
  }>(engineSql('shapes'));
  return new Map(
    rows.map(({ is_partition: isPartition, is_readable: isReadable, is_ours: isOurs, ...shape }) => [
      shape.name,
      { ...shape, isPartition, isReadable, isOurs },
    ]),
  );
}

/** Their numbers, as far as they are there. */
export function oidsOf(tables: readonly string[], shapes: Shapes): string[] {
  return tables.flatMap((table) => shapes.get(table)?.oid ?? []);
}

/** The partitions of these tables, and theirs: their rows are those of the tables. */
export function partitionsOf(tables: readonly string[], shapes: Shapes): Set<string> {
  const found = new Set<string>();
  const parents = new Set(tables.flatMap((table) => shapes.get(table)?.relation ?? []));
  for (let size = -1; size < parents.size; ) {
    size = parents.size;
    for (const { name, relation, isPartition, parents: own } of shapes.values()) {
      if (!isPartition || !own.some((parent) => parents.has(parent))) continue;
      parents.add(relation);
      found.add(name);
    }
  }
  return found;
}

/** Tables that are as they were, by what the server counts. One with partitions has no rows but theirs. */
export function findUnwritten(before: Shapes, after: Shapes): Set<string> {
  const same = new Set(
    [...before.values()].filter((then) => isUnwritten(then, after.get(then.name))).map(({ name }) => name),
  );
  for (const { name } of [...before.values()].filter(({ kind }) => kind === 'p')) {
    const partitions = [...partitionsOf([name], before), ...partitionsOf([name], after)];
    if (!partitions.every((partition) => same.has(partition))) same.delete(name);
  }
  return same;
}

/** Neither a row of it was written nor its file replaced, and its columns say what they said. */
export function isUnwritten(before: Shape, after: Shape | undefined): boolean {
  return (
    after !== undefined &&
    before.oid === after.oid &&
    before.file === after.file &&
    JSON.stringify(before.written) === JSON.stringify(after.written) &&
    describeStructure(before) === describeStructure(withoutNewWords(before, after))
  );
}

/** What an enum has more than it had is told of the type: no value that was there means anything else by it. */
export function withoutNewWords(before: Shape, after: Shape): Shape {
  const columns = after.columns.map((column) => {
    const then = before.columns.find(({ name }) => name === column.name)?.labels ?? null;
    const words = (labels: string | null): readonly string[] => labels?.match(/'(?:[^']|'')*'/g) ?? [];
    const known = words(then);
    const kept = words(column.labels).filter((word) => known.includes(word));
    return then !== null && kept.join() === known.join() ? { ...column, labels: then } : column;
  });
  return { ...after, columns };
}

/** The columns that bear one of the names, however each is spelled (`sender_id`, `senderId`), in the order of the names. */
export function columnsCalled(columns: readonly Column[], names: readonly string[]): Column[] {
  const found = names.flatMap((name) => [
    ...columns.filter((column) => column.name === name),
    ...columns.filter((column) => column.name !== name && plain(column.name) === plain(name)),
  ]);
  return [...new Set(found)];
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** What makes up a table beside its rows: other columns, types, words of an enum or parents are another table. */
export function describeStructure(shape: Shape): string {
  return JSON.stringify([
    shape.kind,
    shape.parents,
    shape.columns.map(({ name, number, type, labels, isGenerated }) => [
      name,
      number,
      type,
      labels,
      isGenerated,
    ]),
  ]);
}

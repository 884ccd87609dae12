/** A database → what guards its data and acts on it, and the name that a report and a manifest give each. */
import { engineSql } from '../../database/engine-sql.js';
import { listHeldBack } from '../../database/owners-view.js';
import type { Session } from '../../database/with-session.js';

export interface DatabaseObject {
  /** `constraint`, `trigger`, `function`, … */
  readonly kind: string;
  readonly name: string;
  /** The table or view that it is of, `schema.name`; of a privilege, its grant option or a comment also `function schema.name`; or null. */
  readonly relation: string | null;
  readonly relid: string | null;
  /** A digest of how it is written, and one of its parts, which a new name of a table or column leaves as they are. */
  readonly written: string;
  readonly parts: string;
  /** The columns of a constraint, and of a unique index of whole columns of all rows; the sequence of a column, and that by which it is numbered, `sequence schema.name`; the rows that policies let a privilege reach. */
  readonly place: string | null;
  /** Why an index may refuse a row that was taken without it. */
  readonly refusal: string | null;
  /** Why what an index or a generated column computes may raise an error for what somebody writes. */
  readonly raisesFor: string | null;
  /** Whether it is a comment that tells a data API what to do with what it is on. */
  readonly isDirective: boolean;
  /** Who has a privilege, or takes the next number; for whom a policy is, with commas. */
  readonly role: string | null;
  /** The roles that it is about, of what belongs to the server; null: of nobody in particular, or it belongs to the database. */
  readonly roles: readonly string[] | null;
  /** The role that owns a function, a schema or, as its property, a table. */
  readonly owner: string | null;
  /** The SQL of what can ask for something, or set something going; of a column's type and of the order of columns what they are. */
  readonly said: string | null;
  /** Of a policy, a rule and a view the nodes of its expressions. */
  readonly nodes: string | null;
  /** The number of the table at which a foreign key points. */
  readonly references: string | null;
}

/** Kinds of which the definitions say nothing. */
export const kindsBeyondDefinitions = [
  'cast',
  'membership',
  'setting',
  'role',
  'database',
  'language',
  'foreign server',
  'statistics',
  'operator',
  'operator class',
  'text search configuration',
  'text search dictionary',
  'collation',
  'conversion',
];

export async function readObjects(session: Session): Promise<DatabaseObject[]> {
  const { rows } = await session.query<DatabaseObject>(engineSql('objects'), [listHeldBack(session)]);
  return rows;
}

/** Those of these kinds alone: the server does not look for the others. */
export async function readObjectsOf(session: Session, kinds: readonly string[]): Promise<DatabaseObject[]> {
  const { rows } = await session.query<DatabaseObject>(`${engineSql('objects')} where o.kind = any($2)`, [
    listHeldBack(session),
    kinds,
  ]);
  return rows;
}

/** Names of objects, as `nameOf` gives them → names of what else is asked wherever they are; of tables and views `relation schema.name`. */
export type Uses = ReadonlyMap<string, readonly string[]>;

export async function readUses(session: Session): Promise<Uses> {
  const { rows } = await session.query<{ object: string; uses: string[] }>(engineSql('uses'));
  return new Map(rows.map(({ object, uses }) => [object, uses]));
}

/** `trigger audit on public.fees`, as `changes` of a manifest writes it. */
export function nameOf({ kind, name, relation }: DatabaseObject): string {
  if (relation === null) return `${kind} ${name}`;
  return name === '' ? `${kind} ${relation}` : `${kind} ${name} on ${relation}`;
}

/** Without its schema. */
export const bareOf = (name: string): string => name.slice(name.indexOf('.') + 1);

/** A table or view as one role of the API may touch it, and what trying it out said. */
import { quoteIdentifier } from '../../database/quote.js';

export interface Column {
  readonly name: string;
  readonly reads: boolean;
  readonly adds: boolean;
  readonly changes: boolean;
  /** Whether any value suits it, so that a row can be changed without knowing it. */
  readonly isFree: boolean;
}

export interface Relation {
  readonly role: string;
  readonly schema: string;
  readonly name: string;
  /** As in `pg_class`: r, p, v, m or f. */
  readonly kind: string;
  readonly columns: readonly Column[];
  readonly readsWhole: boolean;
  readonly deletes: boolean;
  /** Whether code of a role of the API would run when it is read: as owner, or in a policy's function. */
  readonly isStrangers: boolean;
  readonly bytes: string;
  /** Whether the deployer sees every row of it. */
  readonly isListable: boolean;
  /** The bits of `pg_relation_is_updatable`: 4 update, 8 insert, 16 delete. */
  readonly updatable: number;
  /** Whether a trigger is asked instead of the view when somebody adds a row. */
  readonly addsByTrigger: boolean;
  /** Letters of the commands that a policy lets through for somebody: r, a, w, d. */
  readonly commands: string;
  /** Whether policies bind this role here. */
  readonly isGuarded: boolean;
  readonly policies: readonly Policy[];
  readonly rules: Rules;
}

/**
 * What decides about rows, policies, owner and whether row level security is on: a digest of how it is written, and one of its
 * parts, which a new name leaves as they are.
 */
export interface Rules {
  readonly written: string;
  readonly parts: string;
}

export const areSameRules = (one: Rules, other: Rules): boolean =>
  one.written === other.written || one.parts === other.parts;

export interface Policy {
  readonly name: string;
  readonly isPermissive: boolean;
  /** As in `pg_policy`: r, a, w, d or *. */
  readonly command: string;
}

export type Verb = 'read' | 'change' | 'delete' | 'add';
export const verbs: readonly Verb[] = ['read', 'change', 'delete', 'add'];

/** What one person's try came to: rows by their ids or their content, or an error. */
export type Answer = readonly string[] | { readonly sqlstate: string; readonly message: string };

export const isError = (answer: Answer): answer is Exclude<Answer, readonly string[]> =>
  typeof answer === 'object' && 'sqlstate' in answer;

export const isTable = ({ kind }: Pick<Relation, 'kind'>): boolean => kind === 'r' || kind === 'p';
/** Its rows have no place by which a rule could name one, and no policies. */
export const isView = ({ kind }: Pick<Relation, 'kind'>): boolean => kind === 'v' || kind === 'm';

export const nameOf = ({ schema, name }: Pick<Relation, 'schema' | 'name'>): string => `${schema}.${name}`;

export const tableOf = ({ schema, name }: Pick<Relation, 'schema' | 'name'>): string =>
  `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;

/** Where a row of `alias` lies, told apart in all partitions of its table. */
export const placeOf = (alias: string): string =>
  `(${alias}.tableoid::pg_catalog.oid::pg_catalog.text || ${alias}.ctid::pg_catalog.text)`;

/** Rows of a table are told by where they lie; those of a view, or of a table that cannot be read whole, by what they say. */
export const isToldByPlace = (relation: Relation): boolean =>
  isTable(relation) && relation.isListable && relation.readsWhole;

export const readableColumns = ({ columns }: Relation): string[] =>
  columns.filter(({ reads }) => reads).map(({ name }) => name);

/** Whether there is anything to try: a privilege, and a policy that lets somebody through. */
export function mayTry(relation: Relation, verb: Verb): boolean {
  const { kind, columns, deletes, commands, updatable } = relation;
  const isThrough = isView(relation);
  const writes = isTable(relation) || isThrough;
  switch (verb) {
    case 'read':
      return kind !== 'f' && columns.some(({ reads }) => reads) && commands.includes('r');
    case 'change':
      return (
        writes &&
        columns.some(({ changes }) => changes) &&
        commands.includes('w') &&
        (!isThrough || !!(updatable & 4))
      );
    case 'delete':
      return writes && deletes && commands.includes('d') && (!isThrough || !!(updatable & 16));
    case 'add':
      return (
        writes &&
        columns.some(({ adds }) => adds) &&
        commands.includes('a') &&
        (!isThrough || !!(updatable & 8))
      );
  }
}

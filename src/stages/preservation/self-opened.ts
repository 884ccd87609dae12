/**
 * Policies before and after the fix → columns that one asks now, itself or through functions and views, and that whoever asks may change:
 * they let themselves in, whatever the rows say today.
 */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import { groupBy } from '../../group-by.js';
import { wordsIn } from '../words-in.js';
import { bareOf, type DatabaseObject, nameOf, type Uses } from './read-objects.js';

/** `schema.table.column` → roles of the API that may give it whatever value. */
export type Changeable = ReadonlyMap<string, readonly string[]>;

export async function readChangeable(session: Session, roles: readonly string[]): Promise<Changeable> {
  if (roles.length === 0) return new Map();
  const { rows } = await session.query<{ name: string; roles: string[] }>(engineSql('changeable_columns'), [
    roles,
  ]);
  return new Map(rows.map((one) => [one.name, one.roles]));
}

export interface AskingPolicies {
  readonly objects: readonly DatabaseObject[];
  readonly uses: Uses;
  /** The policy, and whatever decides with it what it answers. */
  readonly answersBy: (object: DatabaseObject) => ReadonlySet<DatabaseObject>;
}

/** Of one policy what no policy of its table asked before; what it asks of its own row says nothing of who asks. */
export function judgeSelfOpened(
  { before, after }: { readonly before: AskingPolicies; readonly after: AskingPolicies },
  changeable: Changeable,
): (object: DatabaseObject) => string[] {
  if (changeable.size === 0) return () => [];
  const byTable = groupBy([...changeable.keys()], tableOf);
  const asked = (policy: DatabaseObject, at: AskingPolicies) =>
    [...at.answersBy(policy)].flatMap((one) => columnsOf(one, at.uses, byTable));
  const known = new Map(
    [...groupBy(before.objects.filter(isPolicy), relationOf)].map(([relation, policies]) => [
      relation,
      new Set(policies.flatMap((policy) => asked(policy, before))),
    ]),
  );
  return (policy) => {
    if (!isPolicy(policy)) return [];
    const relation = relationOf(policy);
    const fresh = asked(policy, after).filter(
      (name) => !name.startsWith(`${relation}.`) && !known.get(relation)?.has(name),
    );
    return [...new Set(fresh)]
      .sort()
      .map(
        (name) =>
          `${columnOf(name)} of ${tableOf(name)}, which ${changeable.get(name)?.join(' and ')} may change`,
      );
  };
}

/** As the server notes them, or, of a body that it keeps as a text, those whose names stand in it beside that of their table. */
function columnsOf(
  object: DatabaseObject,
  uses: Uses,
  changeable: ReadonlyMap<string, readonly string[]>,
): string[] {
  const noted = (uses.get(nameOf(object)) ?? [])
    .filter((name) => name.startsWith('column '))
    .map((name) => name.slice('column '.length))
    .filter((name) => changeable.get(tableOf(name))?.includes(name));
  if (object.kind !== 'function') return noted;
  const words = wordsIn(object.said ?? '');
  const named = [...changeable].flatMap(([table, names]) =>
    words.has(bareOf(table)) ? names.filter((name) => words.has(columnOf(name))) : [],
  );
  return [...noted, ...named];
}

const tableOf = (column: string): string => column.slice(0, column.lastIndexOf('.'));

const columnOf = (column: string): string => column.slice(column.lastIndexOf('.') + 1);

const relationOf = ({ relation }: DatabaseObject): string => relation ?? '';

const isPolicy = ({ kind }: DatabaseObject): boolean => kind === 'policy';

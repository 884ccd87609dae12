/** Definitions before and after → what was made, taken away and changed, and how that differs from what was planned. */
import type { DefinitionChange, ObjectDifference } from '../model.js';
import { kindsBeyondDefinitions } from './preservation/read-objects.js';

type Definitions = ReadonlyMap<string, string>;

/** In the order of the names. */
export function compareDefinitions(before: Definitions, after: Definitions): DefinitionChange[] {
  const objects = [...new Set([...before.keys(), ...after.keys()])].sort();
  return objects
    .filter((object) => before.get(object) !== after.get(object))
    .map((object) => ({ object, before: before.get(object) ?? null, after: after.get(object) ?? null }));
}

/** Whose names begin with a kind of which the definitions say nothing, of an object or an entry; the collation of a column is none. */
const beyondDefinitions = new RegExp(
  `^(?!collation of )(${[
    ...kindsBeyondDefinitions,
    'comment on (role|database)',
    'text search',
    'foreign-data wrapper',
    'user mapping',
    'privilege .* on (database|foreign server)',
  ].join('|')})\\b`,
);

/** What the manifest lets differ beside the definitions: memberships, settings, operators, casts. */
export function changesBeyond(declared: readonly ObjectDifference[]): DefinitionChange[] {
  return declared
    .filter(({ table }) => beyondDefinitions.test(table))
    .map(({ table, word, text, digest }) => ({
      object: table,
      before: word === 'appeared' ? null : 'as it was',
      // What it is may be a secret: a setting of a role.
      after: word === 'gone' ? null : (text ?? [word, ...(digest === null ? [] : [digest])].join(' ')),
    }));
}

/** Objects that would change otherwise than was planned, or not at all. */
export function findUnplanned(
  planned: readonly DefinitionChange[],
  changes: readonly DefinitionChange[],
): string[] {
  const wanted = new Map(planned.map((change) => [change.object, change]));
  const found = new Map(changes.map((change) => [change.object, change]));
  return [...new Set([...wanted.keys(), ...found.keys()])].sort().filter((object) => {
    const [one, other] = [wanted.get(object), found.get(object)];
    return (
      one === undefined || other === undefined || one.before !== other.before || one.after !== other.after
    );
  });
}

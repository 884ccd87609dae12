/** Definitions before and after → what was made, taken away and changed, and how that differs from what was planned. */
import type { DefinitionChange } from '../model.js';

type Definitions = ReadonlyMap<string, string>;

/** In the order of the names. */
export function compareDefinitions(before: Definitions, after: Definitions): DefinitionChange[] {
  const objects = [...new Set([...before.keys(), ...after.keys()])].sort();
  return objects
    .filter((object) => before.get(object) !== after.get(object))
    .map((object) => ({ object, before: before.get(object) ?? null, after: after.get(object) ?? null }));
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

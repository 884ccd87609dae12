/** Objects before and after → what is somebody's now who did not own it: they read past the policies of a table, and may replace a function. */
import { type DatabaseObject, nameOf } from './read-objects.js';

interface Compared {
  readonly before: readonly DatabaseObject[];
  readonly isOwn: (object: DatabaseObject) => boolean;
  /** Roles of the API. */
  readonly tried: readonly string[];
  /** As whom the fix is applied: what it makes is theirs. */
  readonly deployer: string;
}

/** Gives `its owner api_support`, or nothing. */
export function judgeOwners({
  before,
  isOwn,
  tried,
  deployer,
}: Compared): (object: DatabaseObject) => string[] {
  const then = new Map(before.map((object) => [nameOf(object), object.owner]));
  const known = new Set(before.filter(isOwn).map(({ owner }) => owner));
  return (object) => {
    const { owner } = object;
    if (owner === null || owner === deployer || owner === then.get(nameOf(object))) return [];
    return known.has(owner) && !tried.includes(owner) ? [] : [`its owner ${owner}`];
  };
}

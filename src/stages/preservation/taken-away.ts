/** What refused something, or acted on what is written, and does not any more: a reader is told of each by name, whatever the manifest says of it. */
import type { DatabaseObject } from './read-objects.js';

const protecting = [
  'constraint',
  'unique index',
  'not null',
  'trigger',
  'rule',
  'policy',
  'event trigger',
  'forced row level security',
];

/** `isSwitchedOff`: of a table that has row level security no more. */
export function protects(object: DatabaseObject): boolean {
  return protecting.includes(object.kind) || isRowLevelSecurity(object);
}

const isRowLevelSecurity = ({ kind, name, said }: DatabaseObject): boolean =>
  kind === 'property' && name === 'row level security' && said === 'true';

/** Tables that let everybody who has a privilege do everything now. */
export function findSwitchedOff(
  before: readonly DatabaseObject[],
  find: (object: DatabaseObject) => DatabaseObject | undefined,
): DatabaseObject[] {
  return before.filter((object) => isRowLevelSecurity(object) && find(object)?.said === 'false');
}

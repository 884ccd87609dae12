/** A guard of the data, a trigger of public.fees unless it says otherwise, as the engine reads it from the catalog. */
import type { DatabaseObject } from '../../src/stages/preservation/read-objects.js';

export function anObject(overrides: Partial<DatabaseObject> = {}): DatabaseObject {
  return {
    kind: 'trigger',
    name: 'audit',
    relation: 'public.fees',
    relid: '1',
    written: 'w',
    parts: 'p',
    place: null,
    refusal: null,
    raisesFor: null,
    isDirective: false,
    role: null,
    roles: null,
    owner: null,
    said: null,
    nodes: null,
    references: null,
    ...overrides,
  };
}

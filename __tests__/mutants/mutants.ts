/** Every mutant of the chat fix. A new rule of the fix comes with one that breaks it. */
import { againMutants } from './list/again.js';
import { decisionMutants } from './list/decisions.js';
import { doorMutants } from './list/doors.js';
import { functionMutants } from './list/functions.js';
import { groupMutants } from './list/groups.js';
import { questionMutants } from './list/questions.js';
import { raceMutants } from './list/races.js';
import { rowMutants } from './list/rows.js';
import { schemaMutants } from './list/schema.js';
import type { Mutant } from './mutant.js';

export const mutants: readonly Mutant[] = [
  ...rowMutants,
  ...groupMutants,
  ...schemaMutants,
  ...decisionMutants,
  ...questionMutants,
  ...doorMutants,
  ...functionMutants,
  ...againMutants,
  ...raceMutants,
];

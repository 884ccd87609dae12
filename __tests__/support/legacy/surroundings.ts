/** What surrounds the tables of a legacy database: each entry fits some databases and is SQL, run when their rows are in. */
import type { LegacyDatabase } from './legacy-database.js';
import { surroundingFunctions } from './surrounding-functions.js';
import { surroundingIndexes } from './surrounding-indexes.js';
import { surroundingPolicies } from './surrounding-policies.js';
import { surroundingRights } from './surrounding-rights.js';
import { hangingTables } from './surrounding-tables.js';
import { surroundingTriggers } from './surrounding-triggers.js';

export interface Surrounding {
  readonly name: string;
  /** Of several about the same thing there can be only one. */
  readonly about?: string;
  readonly fits: (database: LegacyDatabase) => boolean;
  readonly sql: (database: LegacyDatabase) => string;
}

/** In the order in which they are built: rights and publications come last, because they may shut their owner out. */
export const surroundings: readonly Surrounding[] = [
  ...surroundingFunctions,
  ...surroundingPolicies,
  ...surroundingIndexes,
  ...hangingTables,
  ...surroundingTriggers,
  ...surroundingRights,
];

/** Kinds of rows and their facts, as a manifest that says no more of them declares them. */
import type { Fact, Preserved } from '../../src/model.js';

export function aFact(overrides: Pick<Fact, 'name' | 'columns'> & Partial<Fact>): Fact {
  return {
    columnsFrom: null,
    type: 'text',
    normalise: null,
    comparedAs: null,
    gap: null,
    fill: null,
    isMadeUnique: false,
    ...overrides,
  };
}

export function aKind(overrides: Pick<Preserved, 'name' | 'from' | 'facts'> & Partial<Preserved>): Preserved {
  return {
    to: overrides.from,
    by: [],
    merge: false,
    yields: [],
    leaves: {},
    notCopied: [],
    notCopiedFrom: null,
    appears: null,
    quarantine: [],
    copies: [],
    ...overrides,
  };
}

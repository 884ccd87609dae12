/** Many random legacy databases, several at a time, on the server of the tests → what failed, shrunken. */
import fc from 'fast-check';
import pLimit from 'p-limit';
import { withThrowawayDatabases } from '../../../src/database/throwaway-databases.js';
import type { Bundle } from '../../../src/model.js';
import { getTestServer } from '../server.js';
import { legacyDatabases } from './arbitrary-database.js';
import { rehearseLegacy } from './rehearse-legacy.js';
import { renderSql } from './render-state.js';

export interface FuzzOptions {
  /** Whether the proofs of a rehearsal have to pass, too. */
  readonly withProofs: boolean;
  readonly seed: number;
  /** Which of the databases that the seed gives; `17` or, for a shrunken one, fast-check's path `17:0:3`. */
  readonly paths: readonly string[];
  readonly concurrency: number;
  /** Milliseconds that may be spent on shrinking one failure; 0: it is told as it was drawn. */
  readonly shrinkFor: number;
  readonly onFailure: (failure: FuzzFailure) => void;
  /** After each database, the failed ones too. */
  readonly onDone: () => void;
}

export interface FuzzFailure {
  readonly seed: number;
  readonly path: string;
  readonly problems: readonly string[];
  /** A state file: what the database was built by. */
  readonly sql: string;
}

class Wrong extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** As many as have `paths`; each found alone, so that its number in the seed's sequence is all that is needed to see it again. */
export async function fuzz(bundle: Bundle, options: FuzzOptions): Promise<FuzzFailure[]> {
  const { signal } = new AbortController();
  return withThrowawayDatabases(
    getTestServer().connection,
    { platforms: bundle.platforms, signal },
    async (databases) => {
      const property = fc.asyncProperty(legacyDatabases, async (database) => {
        const problems = await rehearseLegacy(databases, bundle, database, options);
        if (problems.length > 0) throw new Wrong(problems);
      });
      const limit = pLimit(options.concurrency);
      const found = await limit.map(options.paths, async (path) => {
        const details = await fc.check(property, {
          seed: options.seed,
          path,
          numRuns: 1,
          endOnFailure: options.shrinkFor === 0,
          ...(options.shrinkFor > 0 ? { interruptAfterTimeLimit: options.shrinkFor } : {}),
        });
        options.onDone();
        if (!details.failed || details.counterexample === null) return [];
        const failure = {
          seed: options.seed,
          path: details.counterexamplePath ?? path,
          problems: problemsOf(details.errorInstance),
          sql: renderSql(details.counterexample[0]),
        };
        options.onFailure(failure);
        return [failure];
      });
      return found.flat();
    },
  );
}

function problemsOf(error: unknown): readonly string[] {
  if (error instanceof Wrong) return error.problems;
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

/** Work in queries of the engine that hold expressions of `preserve`: where Postgres refuses one, the manifest is to be corrected. */
import { isDatabaseError } from '../database/database-error.js';
import { locateProblem } from '../database/locate-problem.js';
import type { Session } from '../database/with-session.js';
import { withSavepoint } from '../database/with-transaction.js';
import { SqlError } from '../errors.js';
import type { Bundle } from '../model.js';
import { withNothingWritten } from './untouched.js';

/** Throws a SqlError that says where the mistake is: in the manifest, where it has expressions at all. */
export function blameManifest<T>(session: Session, bundle: Bundle, work: () => Promise<T>): Promise<T> {
  return withSavepoint(session, async () => {
    try {
      return await withNothingWritten(session, 'expressions of preserve in bundle.yml', work);
    } catch (error: unknown) {
      if (!isDatabaseError(error) || !isOfExpression.test(error.code ?? '')) throw error;
      const isManifests = hasExpressions(bundle);
      const path = isManifests ? 'bundle.yml, preserve' : "the engine's own comparison of rows";
      const problem = locateProblem(error, { file: { path, text: '' }, statement: null });
      const advice = problem.advice ?? (isManifests ? null : notOfTheBundle);
      throw new SqlError({ ...problem, advice }, { cause: error });
    }
  });
}

const notOfTheBundle =
  'bundle.yml has no expression that was asked here. Where no type or function of the database raised this, please report it.';

function hasExpressions({ preserve }: Bundle): boolean {
  return preserve.some(
    ({ appears, quarantine, facts }) =>
      appears !== null ||
      quarantine.length > 0 ||
      facts.some(({ normalise, comparedAs, gap, fill }) =>
        [normalise, comparedAs, gap, fill].some((expression) => expression !== null),
      ),
  );
}

/** data_exception, syntax_error_or_access_rule_violation, and what a function raises. */
const isOfExpression = /^(22|42|P0)/;

/** Work in queries of the engine that hold expressions of `preserve`: where Postgres refuses one, the manifest is to be corrected. */
import { type DatabaseError, isDatabaseError } from '../database/database-error.js';
import { codeUnits, locateProblem } from '../database/locate-problem.js';
import { textOf, withFailedText } from '../database/with-failed-text.js';
import type { Session } from '../database/with-session.js';
import { withSavepoint } from '../database/with-transaction.js';
import { SqlError } from '../errors.js';
import type { Bundle, SqlProblem } from '../model.js';
import { placeInManifest } from './place-in-manifest.js';
import { withNothingWritten } from './untouched.js';

/** Throws a SqlError that says where the mistake is: in the manifest, where it has expressions at all. */
export function blameManifest<T>(session: Session, bundle: Bundle, work: () => Promise<T>): Promise<T> {
  return withSavepoint(session, async () => {
    try {
      return await withNothingWritten(session, 'expressions of preserve in bundle.yml', () =>
        withFailedText(session, work),
      );
    } catch (error: unknown) {
      if (!isDatabaseError(error) || !isOfExpression.test(error.code ?? '')) throw error;
      throw new SqlError(problemOf(error, bundle), { cause: error });
    }
  });
}

function problemOf(error: DatabaseError, bundle: Bundle): SqlProblem {
  const expressions = expressionsOf(bundle);
  const isManifests = expressions.length > 0;
  const path = isManifests ? 'bundle.yml, preserve' : "the engine's own comparison of rows";
  const problem = locateProblem(error, { file: { path, text: '' }, statement: null });
  const advice = problem.advice ?? (isManifests ? null : notOfTheBundle);
  const text = textOf(error);
  // While it runs, nobody knows which expression it was.
  if (text === undefined || error.position === undefined) return { ...problem, advice };
  const index = codeUnits(text, Number(error.position) - 1);
  return placeInManifest({ ...problem, advice }, bundle, expressions, { text, index });
}

const notOfTheBundle =
  'bundle.yml has no expression that was asked here. Where no type or function of the database raised this, please report it.';

function expressionsOf({ preserve }: Bundle): string[] {
  return preserve
    .flatMap(({ appears, quarantine, facts }) => [
      appears,
      ...quarantine.map(({ when }) => when),
      ...facts.flatMap(({ normalise, comparedAs, gap, fill }) => [normalise, comparedAs, gap, fill]),
    ])
    .filter((expression) => expression !== null);
}

/** feature_not_supported, cardinality_violation, data_exception, invalid_schema_name, syntax_error_or_access_rule_violation, and what a function raises. */
const isOfExpression = /^(0A|21|22|3F|42|P0)/;

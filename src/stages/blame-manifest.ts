/** Work in queries of the engine that hold expressions of `preserve`: where Postgres refuses one, the manifest is to be corrected. */
import { type DatabaseError, isDatabaseError } from '../database/database-error.js';
import { codeUnits, locateProblem } from '../database/locate-problem.js';
import { textOf, withFailedText } from '../database/with-failed-text.js';
import type { Session } from '../database/with-session.js';
import { withSavepoint } from '../database/with-transaction.js';
import { SqlError } from '../errors.js';
import type { Bundle, SqlProblem } from '../model.js';
import { expressionsOf, findFailing, isIn } from './find-failing.js';
import { placeInManifest } from './place-in-manifest.js';
import { withNothingWritten } from './untouched.js';

interface Blaming {
  readonly bundle: Bundle;
  /** Whether nobody waits meanwhile: the work may be done again to find out which expression it was. */
  readonly mayRepeat: boolean;
}

/** Throws a SqlError that says where the mistake is: in the manifest, where it has expressions at all. */
export async function blameManifest<T>(
  session: Session,
  blaming: Blaming,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await withSavepoint(session, () =>
      withNothingWritten(session, 'expressions of preserve in bundle.yml', () =>
        withFailedText(session, work),
      ),
    );
  } catch (error: unknown) {
    if (!isDatabaseError(error) || !isOfExpression.test(error.code ?? '')) throw error;
    throw new SqlError(await problemOf(session, error, { ...blaming, work }), { cause: error });
  }
}

async function problemOf(
  session: Session,
  error: DatabaseError,
  { bundle, mayRepeat, work }: Blaming & { readonly work: () => Promise<unknown> },
): Promise<SqlProblem> {
  const expressions = expressionsOf(bundle);
  const isManifests = expressions.length > 0;
  const path = isManifests ? 'bundle.yml, preserve' : "the engine's own comparison of rows";
  const located = locateProblem(error, { file: { path, text: '' }, statement: null });
  const problem = { ...located, advice: located.advice ?? (isManifests ? null : notOfTheBundle) };
  const text = textOf(error);
  if (text === undefined) return problem;
  if (error.position !== undefined) {
    const index = codeUnits(text, Number(error.position) - 1);
    const values = expressions.map((one) => one.text);
    return placeInManifest(problem, bundle, values, { text, index });
  }
  // While it runs, Postgres does not say which expression it was.
  const asked = expressions.filter((one) => isIn(text, one));
  const failing = mayRepeat ? await findFailing(session, asked, { sqlstate: problem.sqlstate, work }) : null;
  if (failing === null) return problem;
  return placeInManifest(problem, bundle, [failing.text], { text: failing.text, index: 0 });
}

const notOfTheBundle =
  'bundle.yml has no expression that was asked here. Where no type or function of the database raised this, please report it.';

/** feature_not_supported, cardinality_violation, data_exception, invalid_schema_name, syntax_error_or_access_rule_violation, and what a function raises. */
const isOfExpression = /^(0A|21|22|3F|42|P0)/;

/** Each check of the bundle → its assertions, and whether it passed. */
import { count, counted } from '../counted.js';
import { isRefused } from '../database/database-error.js';
import { answerOf, type PartEnd } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import { tryFiles } from '../database/with-transaction.js';
import type { Assertion, Bundle, CheckComparison, CheckResult, Skipped } from '../model.js';
import { contradicts } from './contradicts.js';

/** Must be called within a transaction; leaves it as it was. Results are in the order of the bundle's checks. */
export async function runChecks(
  session: Session,
  { checks }: Pick<Bundle, 'checks'>,
): Promise<CheckResult[]> {
  const files = checks.map(({ file }) => file);
  const ends = await tryFiles(session, files, { ahead: 'set local transaction_read_only = on' });
  return ends.map(toResult);
}

/** Puts what a check said before the fix beside what it said after; a run that did not come so far says why. */
export function compareChecks(
  bundle: Bundle,
  before: readonly CheckResult[] | Skipped,
  after: readonly CheckResult[] | Skipped,
): CheckComparison[] {
  const resultAt = (results: readonly CheckResult[] | Skipped, index: number): CheckResult | Skipped => {
    if ('outcome' in results) return results;
    return results[index] ?? { outcome: 'skipped', reason: 'not run' };
  };
  return bundle.checks.map(({ number, title, file }, index) => ({
    number,
    title,
    path: file.path,
    before: resultAt(before, index),
    after: resultAt(after, index),
  }));
}

/** What a check says in a session in which the fix did not run counts, too: that alone is what the fix leaves. */
export function addAskedAgain(
  checks: readonly CheckComparison[],
  again: readonly CheckResult[],
): CheckComparison[] {
  return checks.map((check, index) => {
    const { after } = check;
    const later = again[index];
    if (after.outcome !== 'pass' || later?.outcome !== 'fail') return check;
    const why = later.reason === null ? '' : `: ${later.reason}`;
    const reason = `it passes in the session of the fix alone; asked after the commit in another, it fails${why}. Ask what the fix leaves`;
    return { ...check, after: { ...later, reason } };
  });
}

function toResult(end: PartEnd): CheckResult {
  try {
    const result = answerOf(end);
    return judge(result?.fields ?? [], result?.rows ?? []);
  } catch (error: unknown) {
    if (!isRefused(error)) throw error;
    return { outcome: 'fail', assertions: [], reason: 'the query raised an error', problem: error.problem };
  }
}

/** Column → the OIDs that Postgres gives its type: text and varchar, or boolean. */
const columns: Readonly<Record<string, readonly number[]>> = {
  object: [25, 1043, 19],
  expected: [25, 1043, 19],
  actual: [25, 1043, 19],
  pass: [16],
};

interface Column {
  readonly name: string;
  /** The OID of its type. */
  readonly dataTypeID: number;
}

type Row = Readonly<Record<'object' | 'expected' | 'actual' | 'pass', string | null>>;

/** More nobody reads, and no report could hold. */
const mostRows = 10_000;

/** A check that looked at nothing, or whose answer cannot be read, has failed. */
export function judge(fields: readonly Column[], rows: readonly Row[]): CheckResult {
  const shape = describeShape(fields);
  if (shape !== null) return { outcome: 'fail', assertions: [], reason: shape, problem: null };
  if (rows.length === 0) {
    return {
      outcome: 'fail',
      assertions: [],
      reason: 'it returned no row, so it looked at nothing',
      problem: null,
    };
  }
  if (rows.length > mostRows) {
    return {
      outcome: 'fail',
      assertions: [],
      reason: `it returned ${counted(rows.length, 'row')}; a check returns ${count(mostRows)} at most. Return the rows that are wrong, and one that says how many there are`,
      problem: null,
    };
  }
  const assertions = rows.map(toAssertion);
  const hasNull = rows.some((row) => Object.values(row).includes(null));
  const outcome = assertions.every((assertion) => assertion.outcome === 'pass') ? 'pass' : 'fail';
  const wrong = rows.find(contradictsItself);
  return {
    outcome,
    assertions,
    reason: hasNull
      ? 'a row holds null; say what is there in words'
      : wrong === undefined
        ? null
        : `a row says that it passes, but it expected "${cut(wrong.expected ?? '')}" and found "${cut(wrong.actual ?? '')}". Where more or fewer are right, too, say so in expected: "at least 1", "2 at most"`,
    problem: null,
  };
}

function describeShape(fields: readonly Column[]): string | null {
  const names = fields.map((field) => field.name);
  const wanted = Object.keys(columns);
  if (names.join() !== wanted.join()) {
    return `it returned the columns (${names.join(', ')}); a check returns (${wanted.join(', ')})`;
  }
  const wrong = fields.find((field) => !columns[field.name]?.includes(field.dataTypeID));
  if (!wrong) return null;
  return `its column ${wrong.name} has the wrong type; object, expected and actual are text, pass is boolean`;
}

function toAssertion(row: Row): Assertion {
  const isWhole = row.object !== null && row.expected !== null && row.actual !== null;
  return {
    object: cut(row.object ?? 'null'),
    expected: cut(row.expected ?? 'null'),
    actual: cut(row.actual ?? 'null'),
    outcome: isWhole && row.pass === 't' && !contradictsItself(row) ? 'pass' : 'fail',
  };
}

/** More of one value nobody reads: with a row for each of some hundred, no report could hold them. */
const mostCharacters = 4000;

const cut = (text: string): string =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;

const contradictsItself = ({ expected, actual, pass }: Row): boolean =>
  pass === 't' && expected !== null && actual !== null && contradicts(expected, actual);

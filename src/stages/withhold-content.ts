/** What was found out on somebody's database → the same without what is in its rows: a report may be read by anybody. */
import type { Skipped, SqlProblem, SubjectResult } from '../model.js';

/** Postgres quotes the rows that stood in the way in an error's detail: `Key (title)=(Our secret) already exists.` */
export function withholdContent<T extends Pick<SubjectResult, 'checks' | 'apply' | 'access' | 'rerun'>>(
  found: T,
): T {
  return {
    ...found,
    checks: found.checks.map((check) => ({
      ...check,
      before: withholdIn(check.before),
      after: withholdIn(check.after),
    })),
    apply: withholdIn(found.apply),
    access: withholdPeople(found.access),
    rerun: withholdIn(found.rerun),
  };
}

/** Who it is and which row is not for everybody who reads a report. */
function withholdPeople(access: SubjectResult['access']): SubjectResult['access'] {
  if (access.outcome === 'skipped') return access;
  return {
    ...access,
    differences: access.differences.map((difference) => ({ ...difference, person: null, row: null })),
  };
}

function withholdIn<R extends { readonly problem: SqlProblem | null }>(result: R | Skipped): R | Skipped {
  if (!('problem' in result) || result.problem === null) return result;
  const problem: SqlProblem = { ...result.problem, detail: null, inner: null };
  return { ...(result as R), problem };
}

/** Takes what a second run and a rollback did, and gives what failed in them. */
import type { RerunResult, RollbackResult, TriedRollback } from '../model.js';
import { adviceOnRerun } from './advise.js';
import { type Failure, failure } from './failure.js';
import { counted } from './words.js';

export function rerunFailure(result: RerunResult): Failure {
  const written = result.rowsWritten > 0 ? ` It wrote ${counted(result.rowsWritten, 'row')}.` : '';
  return failure('Applied again', {
    problem: result.problem,
    reason: result.problem === null ? `A second run must change nothing.${written}` : null,
    advice: result.problem === null ? adviceOnRerun : null,
    items: [
      ...result.changedObjects.map((object) => `changed: ${object}`),
      ...result.changedTables.map((table) => `other rows in ${table}`),
    ],
  });
}

/** What it said that it does and did not do. */
export function rollbackFailures({
  plain,
  used,
  again,
}: Pick<RollbackResult, 'plain' | 'used' | 'again'>): Failure[] {
  const tried = [
    { title: 'Rolled back', result: plain },
    ...('outcome' in used ? [] : [{ title: 'Rolled back after the application was used', result: used }]),
  ];
  const lost = 'outcome' in again || again.passed === again.planned ? null : again;
  return [
    ...tried.flatMap(({ title, result }) => triedFailures(title, result)),
    ...(lost === null || tried.some(({ result }) => result.problem !== null)
      ? []
      : [
          failure('Applied once more after a rollback', {
            reason: `${lost.passed} of ${counted(lost.planned, 'check passes', 'checks pass')} that passed the first time.`,
          }),
        ]),
  ];
}

function triedFailures(
  title: string,
  { problem, refused, differing, rows, since }: TriedRollback,
): Failure[] {
  if (problem !== null) return [failure(title, { problem })];
  const items = [
    ...differing,
    ...(rows.returned < rows.before
      ? [`${rows.before - rows.returned} of ${counted(rows.before, 'row')}`]
      : []),
    ...(since.kept < since.written
      ? [
          `${since.written - since.kept} of ${counted(since.written, 'row')} written since, which it has to keep`,
        ]
      : []),
  ];
  if (refused.length > 0 || items.length === 0) return [];
  return [failure(title, { reason: 'It says that it returned, and this is not what it was before.', items })];
}

/** The rehearsal of a mutant → which parts of the suite caught it. */
import type { SubjectResult } from '../../src/model.js';
import { isCheckPassed } from '../../src/stages/judge-subject.js';
import type { ChatRehearsal } from '../support/chat/rehearse-chat.js';

export function listCatches({ result, rights, touched }: ChatRehearsal): string[] {
  if (result.problem !== null) return [`the rehearsal broke off: ${result.problem.message}`];
  return [
    ...applyCatches(result),
    ...result.checks
      .filter(({ after }) => after.outcome !== 'skipped')
      .filter((check) => !isCheckPassed(check, true))
      .map(({ number }) => `check ${number}`),
    ...(result.scenarios.outcome === 'skipped' ? [] : result.scenarios.scenarios)
      .filter(({ outcome }) => outcome === 'fail')
      .map(({ number }) => `scenario ${number}`),
    ...(result.preservation.outcome === 'fail' ? ['preservation'] : []),
    ...(result.access.outcome === 'fail' ? ['access'] : []),
    ...(result.rerun.outcome === 'fail' ? ['re-run'] : []),
    ...(rights.length > 0 ? ['rights'] : []),
    ...(touched.length > 0 ? ['outside'] : []),
  ];
}

/** Where the fix must refuse, that it does is judged by the refusal. */
function applyCatches({ apply, refusal }: SubjectResult): string[] {
  if (refusal.outcome !== 'skipped') return refusal.outcome === 'fail' ? ['refusal'] : [];
  if (apply.outcome !== 'fail') return [];
  const failed = apply.sections.find(({ outcome }) => outcome === 'fail');
  return [`section ${failed?.number ?? '?'} (${apply.problem?.sqlstate})`];
}

/** What is folded away, for whoever wants to see for themselves. */
import type { Report } from '../../model.js';
import { folded, sentence } from '../markdown-text.js';
import { answerQuestions } from '../questions.js';
import { sayLeftOutCount } from '../say-loading.js';
import { renderBackup } from './backup.js';
import { renderChanges } from './changes.js';
import { renderOtherChecks } from './checks.js';
import { renderCriteria, sayCriteria } from './criteria.js';
import type { Detail, Open } from './detail.js';
import { renderAssertions, renderNotices, renderSteps } from './evidence.js';
import { renderImpact } from './impact.js';
import { renderAccess, renderLeftOut, renderMatrix, renderRows } from './numbers.js';
import { renderActing, renderObjects } from './objects.js';
import { isFolded } from './questions.js';
import { renderStates } from './states.js';
import { renderLocks, renderTimeline, renderTimes } from './times.js';

export function renderDetails(report: Report, detail: Detail, open: Open): string | null {
  const states = renderStates(report, detail);
  const grounds = () => renderGrounds(report, open);
  const evidence = [grounds, renderAssertions, renderSteps, renderNotices];
  const numbers = [
    renderBackup,
    renderCriteria,
    renderChanges,
    renderOtherChecks,
    renderLeftOut,
    renderMatrix,
    renderActing,
    renderObjects,
    renderRows,
    renderAccess,
    renderTimeline,
    renderLocks,
    renderTimes,
    renderImpact,
  ];
  const renderers = [...(detail.passing ? evidence : []), ...(detail.folds ? numbers : [])];
  const parts = [states, ...renderers.map((render) => render(report))].filter((part) => part !== null);
  const summary = ['Everything that was looked at', ...sayCriteria(report), ...sayLeftOutCount(report)].join(
    '; ',
  );
  return parts.length === 0 ? null : folded(summary, parts.join('\n\n'));
}

/** A line for each thing that the answers rest on. */
function renderGrounds(report: Report, open: Open): string | null {
  const lines = answerQuestions(report).flatMap((asked) => {
    const { question, answer, isAnswered, details } = asked;
    const told = [...(isAnswered && isFolded(asked, open) ? [answer] : []), ...details];
    return told.map((line) => `- ${sentence(`${question} ${line}`)}`);
  });
  return lines.length === 0 ? null : lines.join('\n');
}

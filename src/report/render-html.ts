/** Takes a report and gives a page to look at, in one file. */
import type { Report } from '../model.js';
import { findAnswer } from './answer.js';
import { renderAccess } from './html/access.js';
import { renderDefinitions } from './html/definitions.js';
import { type PageAssets, renderDocument } from './html/document.js';
import { renderFailures } from './html/failures.js';
import { html, type Markup } from './html/markup.js';
import { renderMatrix } from './html/matrix.js';
import { renderRows } from './html/rows.js';
import { renderSubjects } from './html/subject.js';
import { badge, table } from './html/table.js';
import { renderTimeline } from './html/timeline.js';
import { answerQuestions } from './questions.js';
import { sayBackup } from './say-backup.js';
import { sayServers } from './say-servers.js';
import { duration } from './words.js';

export function renderHtml(report: Report, assets: PageAssets): string {
  const parts = [
    renderQuestions,
    renderBackup,
    renderFailures,
    renderMatrix,
    renderAccess,
    renderDefinitions,
    renderRows,
    renderTimeline,
    renderSubjects,
  ];
  return renderDocument(
    {
      ...findAnswer(report),
      title: report.bundle.title,
      meta: meta(report),
      main: parts.map((render) => render(report)),
    },
    assets,
  );
}

function meta({ command, postgres, startedAt, milliseconds, bundle }: Report): string {
  const servers = sayServers(postgres);
  return `${command} of ${startedAt}, ${duration(milliseconds)}, ${servers}, fix ${bundle.digest.slice(0, 12)}`;
}

function renderBackup(report: Report): Markup | null {
  const lines = sayBackup(report);
  if (lines.length === 0) return null;
  return html`<section id="backup"><h2>Backup</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`;
}

function renderQuestions(report: Report): Markup | null {
  const questions = answerQuestions(report);
  if (questions.length === 0) return null;
  return html`<section id="questions">${table(
    [{ title: '' }, { title: 'Question' }, { title: 'Answer' }],
    questions.map(({ word, question, answer, details }) => [
      badge(word),
      html`<b>${question}</b>`,
      html`${answer}${details.length > 0 && html`<ul>${details.map((detail) => html`<li>${detail}</li>`)}</ul>`}`,
    ]),
  )}</section>`;
}

/** Takes a report and gives a page to look at: one file, which asks nothing of any network and runs no script but its own. */
import { createHash } from 'node:crypto';
import type { Report } from '../model.js';
import { findAnswer } from './answer.js';
import { renderAccess } from './html/access.js';
import { renderDefinitions } from './html/definitions.js';
import { renderFailures } from './html/failures.js';
import { html, Markup } from './html/markup.js';
import { renderMatrix } from './html/matrix.js';
import { renderRows } from './html/rows.js';
import { renderSubjects } from './html/subject.js';
import { badge, table } from './html/table.js';
import { renderTimeline } from './html/timeline.js';
import { answerQuestions } from './questions.js';
import { sayServers } from './say-servers.js';
import { duration } from './words.js';

/** The texts of `page/`: ours, and written into the page as they are. */
export interface PageAssets {
  readonly style: string;
  readonly script: string;
}

export function renderHtml(report: Report, { style, script }: PageAssets): string {
  const { word, rest } = findAnswer(report);
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${word}: ${report.bundle.title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header><h1>${badge(word)} <span>${rest.replace(/^[,:]? ?/, '')}</span></h1>
<p>${report.bundle.title} <small>${meta(report)}</small></p></header>
<main>${renderQuestions(report)}${renderFailures(report)}${renderMatrix(report)}${renderAccess(report)}${renderDefinitions(report)}${renderRows(report)}${renderTimeline(report)}${renderSubjects(report)}</main>
<script>${new Markup(script)}</script>
</body>
</html>
`;
  return page.text;
}

function meta({ command, postgres, startedAt, milliseconds, bundle }: Report): string {
  const servers = sayServers(postgres);
  return `${command} of ${startedAt}, ${duration(milliseconds)}, ${servers}, fix ${bundle.digest.slice(0, 12)}`;
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

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** What failed: where, what was expected and found, what Postgres said, and what to do. */
import type { Report, SqlProblem } from '../../model.js';
import { type AskedFirst, type Failure, introduceAsked } from '../failure.js';
import { groupFailures } from '../failures.js';
import { listed } from '../words.js';
import { html, lines, type Markup } from './markup.js';
import { table } from './table.js';

const mostNames = 12;

export function renderFailures(report: Report): Markup | null {
  const groups = groupFailures(report);
  if (groups.length === 0 && report.reasons.length === 0) return null;
  return html`<section id="failures"><h2>What failed</h2>${groups.map(
    ({ title, variants }) =>
      html`<article class="failure"><h3>${title}</h3>${variants.map(
        (variant) =>
          html`<p class="where">${listed(variant.subjects, mostNames)}</p>${renderFailure(variant)}`,
      )}</article>`,
  )}${report.reasons.map((reason) => html`<p class="failure">${reason}</p>`)}</section>`;
}

export function renderFailure({
  path,
  line,
  reason,
  asked,
  mismatches,
  items,
  advice,
  problem,
}: Failure): Markup {
  const place = path === null ? null : line === null ? path : `${path}:${line}`;
  return html`${place !== null && html`<p><code>${place}</code></p>`}${
    asked !== null && renderAsked(asked)
  }${reason !== null && html`<p>${reason}</p>`}${
    mismatches.length > 0 &&
    table(
      [{ title: 'Object' }, { title: 'Expected' }, { title: 'Found' }],
      mismatches.map(({ object, expected, actual }) => [html`<code>${object}</code>`, expected, actual]),
    )
  }${items.length > 0 && html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`}${
    problem !== null && renderProblem(problem)
  }${advice !== null && html`<p>What to do: ${advice}</p>`}`;
}

function renderAsked(asked: AskedFirst): Markup {
  const { decisions, how } = asked;
  return html`<p>${introduceAsked(asked)}</p><ul>${decisions.map(
    (decision) => html`<li>${decision}</li>`,
  )}</ul>${how !== null && html`<p>How to decide: ${how}</p>`}`;
}

function renderProblem({ snippet, sqlstate, message, detail, hint, advice, inner }: SqlProblem): Markup {
  return html`${snippet !== null && html`<pre>${lines(snippet)}</pre>`}<p><b>ERROR</b> ${message} <small>SQLSTATE ${sqlstate}</small></p>${
    detail !== null && html`<p>Detail: ${detail}</p>`
  }${inner != null && html`<pre>${lines(inner)}</pre>`}${hint !== null && html`<p>Hint: ${hint}</p>`}${
    advice !== null && html`<p>What to do: ${advice}</p>`
  }`;
}

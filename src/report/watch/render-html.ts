/** A page of something watched → one file to look at. */
import { renderChange } from '../html/definitions.js';
import { type PageAssets, renderDocument } from '../html/document.js';
import { type Content, html, type Markup } from '../html/markup.js';
import { badge, table } from '../html/table.js';
import type { Block, Column, Page } from './page.js';

export function renderWatchHtml(
  { word, rest, blocks, footer }: Page,
  { title, meta }: { readonly title: string; readonly meta: string },
  assets: PageAssets,
): string {
  const facts = [meta, ...footer.filter((fact) => fact !== title)].join(' · ');
  return renderDocument({ word, rest, title, meta: facts, main: blocks.map(renderBlock) }, assets);
}

function renderBlock(block: Block): Markup {
  return html`<section><h2>${block.title}</h2>${renderContent(block)}</section>`;
}

function renderContent(block: Block): Content {
  switch (block.kind) {
    case 'lines':
      return html`<ul>${block.lines.map((line) => html`<li>${line}</li>`)}</ul>`;
    case 'changes':
      return block.changes.map(
        (change) =>
          html`${renderChange(change)}${!change.isOfFix && html`<p>Elsewhere in the database: no failure.</p>`}`,
      );
    case 'bars':
      return drawBars(block);
    case 'table':
      return [
        table(
          block.columns.map(({ title, kind }) => ({ title, isNumber: kind === 'number' })),
          block.rows.map((row) =>
            row.map((cell, index) => renderCell(cell, block.columns[index]?.kind ?? 'text')),
          ),
        ),
        block.note !== null && html`<p>${block.note}</p>`,
      ];
  }
}

function renderCell(text: string, kind: Column['kind']): Content {
  if (kind === 'verdict') return text === '' ? '' : badge(text);
  return kind === 'code' && text !== '' ? html`<code>${text}</code>` : text;
}

/** In the units of the drawing. */
const [width, tall, label] = [960, 160, 20];

/** A few labels, so that none stands on another. */
const mostLabels = 12;

function drawBars({ title, labels, values, axis }: Extract<Block, { kind: 'bars' }>): Markup {
  const wide = width / Math.max(values.length, 1);
  const most = Math.max(...values, 1);
  const every = Math.ceil(values.length / mostLabels);
  return html`<div class="wide"><svg viewBox="0 0 ${width} ${tall + label}" role="img" aria-label="${title}" class="timeline">${values.map(
    (value, index) => {
      const height = Math.round((value / most) * (tall - label));
      const x = Math.round(index * wide);
      const said = html`<title>${labels[index] ?? ''}: ${value} ${axis}</title>`;
      const bar = html`<rect x="${x}" y="${tall - height}" width="${Math.max(1, Math.floor(wide) - 1)}" height="${height}" class="writers"/>`;
      return html`<g>${said}${bar}${index % every === 0 && html`<text x="${x}" y="${tall + 16}">${labels[index] ?? ''}</text>`}</g>`;
    },
  )}<text x="0" y="14">${most} ${axis}</text></svg></div>`;
}

/** A page → the markdown of a comment, an issue, the job summary and `--markdown`, within the budget. */
import { renderChange } from '../comment/changes.js';
import type { ReportContext } from '../comment/footer.js';
import { signedWord, wordCell } from '../comment/signs.js';
import { code, codeCell, folded, link, prose, sentence, table, tagText } from '../markdown-text.js';
import type { Budget } from '../render-comment.js';
import { counted } from '../words.js';
import { type Block, type Column, type Page, verdictWords } from './page.js';

/** Rows of a table, the most that fits first; the JSON has all. */
const levels = [200, 50, 20, 8, 3] as const;

export function renderPage(
  page: Page,
  { context, budget }: { readonly context: ReportContext | null; readonly budget: Budget | null },
): string {
  let text = '';
  for (const most of levels) {
    text = renderAt(page, context, most);
    if (budget === null || size(text, budget) <= budget.limit) break;
  }
  return text;
}

function size(text: string, { unit }: Budget): number {
  return unit === 'bytes' ? Buffer.byteLength(text) : text.length;
}

function renderAt({ word, rest, blocks, footer }: Page, context: ReportContext | null, most: number): string {
  const facts = [
    ...footer.map(prose),
    ...(context?.commit ? [`commit ${code(context.commit.slice(0, 7))}`] : []),
    ...(context?.runUrl ? [link('the run', context.runUrl)] : []),
  ];
  const parts = [
    `## ${signedWord(word)}${sentence(rest)}`,
    ...blocks.map((block) => renderBlock(block, most)),
    ...(facts.length === 0 ? [] : [`<sub>${facts.join(' · ')}</sub>`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderBlock(block: Block, most: number): string {
  const left = (all: readonly unknown[]) =>
    all.length > most ? [`… and ${counted(all.length - most, 'more line')}`] : [];
  switch (block.kind) {
    case 'lines':
      return [
        `**${prose(block.title)}**`,
        [...block.lines.slice(0, most), ...left(block.lines)].map((line) => `- ${sentence(line)}`).join('\n'),
      ].join('\n\n');
    case 'changes':
      return [
        `**${prose(block.title)}**`,
        ...block.changes
          .slice(0, most)
          .map((change) =>
            change.isOfFix
              ? renderChange(change)
              : `${renderChange(change)}\n\nElsewhere in the database: no failure.`,
          ),
        ...left(block.changes),
      ].join('\n\n');
    case 'bars':
      return folded(tagText(block.title), renderBars(block));
    case 'table': {
      const rows = block.rows
        .slice(0, most)
        .map((row) => row.map((cell, index) => renderCell(cell, block.columns[index]?.kind ?? 'text')));
      const right = block.columns.flatMap(({ kind }, index) => (kind === 'number' ? [index] : []));
      const head = block.columns.map(({ title }) => title);
      const notes = [...left(block.rows), ...(block.note === null ? [] : [block.note])].map(sentence);
      return [`**${prose(block.title)}**`, table(head, rows, right), ...notes].join('\n\n');
    }
  }
}

function renderCell(text: string, kind: Column['kind']): string {
  if (kind === 'code') return text === '' ? '' : codeCell(text);
  const word = Object.values(verdictWords).find((known) => known === text);
  if (kind === 'verdict' && word !== undefined) return wordCell(word);
  return prose(text);
}

/** GitHub draws it. Nothing in it came from anybody else. */
function renderBars({ labels, values, axis }: Extract<Block, { kind: 'bars' }>): string {
  return [
    '```mermaid',
    'xychart-beta',
    `    x-axis [${labels.map((label) => `"${label.replaceAll('"', '')}"`).join(', ')}]`,
    `    y-axis "${axis}"`,
    `    bar [${values.join(', ')}]`,
    '```',
  ].join('\n');
}

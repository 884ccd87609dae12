/** A page → the closing text of the command line; its last line is the verdict. */
import { alignColumns, cutToWidth, wrap } from '../console/align.js';
import { linesOf } from '../console/changes.js';
import { type Colors, createColors, paintVerdict, printable, sentence } from '../console/style.js';
import { defuseWorkflowCommands } from '../escape.js';
import type { ConsoleStyle } from '../render-console.js';
import type { Block, Page } from './page.js';

/** A statement is known by its beginning. */
const widestCell = 70;
const proseColumns = 110;
const levels = '▁▂▃▄▅▆▇█';

export function renderPageOnConsole(page: Page, { isColored, columns }: ConsoleStyle): string {
  const colors = createColors(isColored);
  const blocks = page.blocks.map((block) =>
    [
      colors.bold(block.title),
      ...renderBlock(block, colors, Math.min(columns - 2, proseColumns)).map((line) => `  ${line}`),
    ].join('\n'),
  );
  const answer = colors.bold(paintVerdict(colors, page.word) + sentence(page.rest));
  const last = `${answer}  ${colors.dim(page.footer.map(printable).join(', '))}`;
  return defuseWorkflowCommands(`${[...blocks, last].join('\n\n')}\n`);
}

function renderBlock(block: Block, colors: Colors, columns: number): string[] {
  switch (block.kind) {
    case 'lines':
      return block.lines.flatMap((line) =>
        wrap(sentence(line), columns).map((part, index) => (index === 0 ? part : `  ${part}`)),
      );
    case 'changes':
      return block.changes.flatMap((change) => [
        ...linesOf(change, colors),
        ...(change.isOfFix ? [] : [colors.dim('    elsewhere in the database: no failure')]),
      ]);
    case 'bars':
      return [
        bars(block.values),
        `${block.labels[0]} to ${block.labels.at(-1)} UTC, ${Math.max(...block.values)} at most`,
      ];
    case 'table': {
      const head = block.columns.map(({ title }) => colors.dim(title));
      const rows = block.rows.map((row) =>
        row.map((cell, index) => {
          const text = cutToWidth(printable(cell), widestCell);
          return block.columns[index]?.kind === 'verdict' ? paintVerdict(colors, text) : text;
        }),
      );
      const right = block.columns.flatMap(({ kind }, index) => (kind === 'number' ? [index] : []));
      return [...alignColumns([head, ...rows], right), ...(block.note === null ? [] : [block.note])];
    }
  }
}

function bars(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  return values
    .map((value) => (value === 0 ? ' ' : levels[Math.max(0, Math.ceil((value / most) * levels.length) - 1)]))
    .join('');
}

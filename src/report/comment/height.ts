/** How tall a comment is on a pull request, in pixels, as far as its text tells: whether an answer is seen without scrolling. */

/** Of the box, without its edges; and of a letter of each kind, on average. */
const width = 828;
const letter = { sans: 6.6, bold: 7.2, heading: 10.3, code: 7.2, small: 4.9 };
const line = 21;
const gap = 16;
/** What GitHub puts around the text: the author's line, the edges, the space within. */
const frame = 68;

/** What is folded away counts as the line that unfolds it. */
export function estimateHeight(markdown: string): number {
  const blocks = fold(markdown).match(/^`{3,}[\s\S]*?^`{3,}$|^.+(?:\n(?!```).+)*/gm) ?? [];
  return blocks.reduce((sum, block) => sum + heightOf(block) + gap, frame - gap);
}

/** From within to without. */
function fold(markdown: string): string {
  const innermost = /<details>\n(<summary>.*?<\/summary>)(?:(?!<details>)[\s\S])*?<\/details>/g;
  const folded = markdown.replace(innermost, '$1');
  return folded === markdown ? folded : fold(folded);
}

function heightOf(block: string): number {
  const lines = block.split('\n');
  if (block.startsWith('## ')) {
    const [title = '', small = ''] = block.slice(3).split('<sub>');
    const pixels = lettersOf(title) * letter.heading + lettersOf(small) * letter.heading * 0.75;
    return wrapped(pixels, width) * 26 + 7;
  }
  if (/^`{3,}/.test(block)) return (lines.length - 2) * 17.3 + 32;
  if (block.startsWith('|')) return tableHeight(lines);
  if (block.startsWith('- '))
    return sum(lines.map((item) => wrapped(widthOf(item), width - 28) * line + 3.5));
  if (block.startsWith('<sub>')) return wrapped(lettersOf(block) * letter.small, width) * line;
  return sum(lines.map((text) => wrapped(widthOf(text), width) * line));
}

/** Where a table is too wide, each column gives way by what it can be broken. */
function tableHeight([head = '', , ...rows]: readonly string[]): number {
  const cells = [head, ...rows].map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map(piecesOf),
  );
  const columns = (cells[0] ?? []).map((_, column) => ({
    least: Math.max(...cells.map((row) => Math.max(0, ...(row[column] ?? [])))),
    most: Math.max(...cells.map((row) => sum(row[column] ?? []))),
  }));
  const left = width - sum(columns.map(({ least }) => least + 27));
  const wanted = sum(columns.map(({ least, most }) => most - least));
  const share = wanted <= left ? 1 : Math.max(0, left) / wanted;
  const heights = cells.map((row) => {
    const lines = row.map((pieces, column) => {
      const { least = 1, most = 1 } = columns[column] ?? {};
      return wrapped(sum(pieces), least + (most - least) * share + 1);
    });
    return Math.max(...lines) * line + 13;
  });
  return /[^|\s]/.test(head) ? sum(heights) : sum(heights.slice(1)) + 13;
}

/** Each with the blank behind it. */
function piecesOf(cell: string): number[] {
  return cell
    .trim()
    .split(' ')
    .map((piece) => widthOf(piece) + letter.sans);
}

/** As it is shown, without its marks. */
function widthOf(markdown: string): number {
  const shown = shownText(markdown);
  const code = [...shown.matchAll(/`([^`]*)`/g)].reduce((total, [, text = '']) => total + text.length, 0);
  const rest = [...shown.replace(/`[^`]*`/g, '')].length;
  return code * letter.code + rest * (shown.startsWith('**') ? letter.bold : letter.sans);
}

function lettersOf(markdown: string): number {
  return [...shownText(markdown)].length;
}

function shownText(markdown: string): string {
  return markdown
    .replace(/\]\(https?:[^)]*\)/g, '')
    .replace(/<[^>]*>|&#8203;|\\(?=\W|_)|^\[/g, '')
    .replace(/&\w+;/g, ' ')
    .trim();
}

function wrapped(pixels: number, available: number): number {
  return Math.max(1, Math.ceil(pixels / available));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

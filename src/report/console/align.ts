/** Columns of text lined up by what a terminal shows, not by how many characters there are. */
import stringWidth from 'string-width';

export type Row = readonly string[];

/**
 * Rows of equal length, two spaces between columns, nothing after the last; a column that is empty throughout is left
 * out. Colours may be in the cells.
 */
export function alignColumns(rows: readonly Row[], rightColumns: readonly number[] = []): string[] {
  const columns = (rows[0] ?? []).map((_, column) => ({
    column,
    width: Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))),
  }));
  const shown = columns.filter(({ width }) => width > 0);
  return rows.map((row) =>
    shown
      .map(({ column, width }) => {
        const cell = row[column] ?? '';
        const gap = ' '.repeat(width - stringWidth(cell));
        return rightColumns.includes(column) ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd(),
  );
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most `width` columns of plain text, `…` in place of the rest. */
export function cutToWidth(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Lines of at most `width` columns, broken at spaces; a longer word keeps a line to itself. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && stringWidth(`${last} ${word}`) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

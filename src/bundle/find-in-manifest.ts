/** The text of bundle.yml, and SQL that it holds → where in the text a character of that SQL stands. */
import { isScalar, parseDocument, visit } from 'yaml';

/** Where something stands in a text. */
export interface Offset {
  readonly index: number;
  /** Or only the line is known. */
  readonly isExact: boolean;
}

/** null: the manifest holds no such value. Of several that are alike, the first. */
export function findInManifest(manifest: string, sql: string, index: number): Offset | null {
  const start = startOf(manifest, sql);
  if (start === null) return null;
  const begins = index === 0 ? 0 : sql.lastIndexOf('\n', index - 1) + 1;
  const lines = sql.slice(0, begins).split('\n').slice(0, -1);
  // A block is indented, and what stands in quotes may be written otherwise: a line is found by what it says.
  let at = start;
  for (const line of lines) at = after(manifest, line.trim(), at);
  const [line = ''] = sql.slice(begins).split('\n');
  const found = manifest.indexOf(line.trimEnd(), at);
  return found < 0 ? { index: start, isExact: false } : { index: found + index - begins, isExact: true };
}

function startOf(manifest: string, sql: string): number | null {
  let start: number | null = null;
  visit(parseDocument(manifest), {
    Scalar(_, node) {
      if (!isScalar(node) || node.value !== sql) return undefined;
      start = node.range?.[0] ?? null;
      return visit.BREAK;
    },
  });
  return start;
}

function after(text: string, part: string, from: number): number {
  const found = text.indexOf(part, from);
  return found < 0 ? from : found + part.length;
}

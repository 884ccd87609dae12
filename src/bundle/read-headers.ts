/** The `--! Key: value` lines of a SQL file → its headers, with every mistake in them added to `problems`. */
import type { SqlFile } from '../model.js';

export interface Header {
  readonly key: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** All header lines of the file, in order. A scenario has them between its steps too. */
export function readHeaders(file: SqlFile, problems: string[]): Header[] {
  const headers: Header[] = [];
  for (const [index, text] of file.text.split('\n').entries()) {
    if (!text.startsWith('--!')) continue;
    const parts = /^--!\s*([A-Za-z ]+?)\s*:\s*(.*?)\s*$/.exec(text);
    if (parts?.[1] && parts[2]) headers.push({ key: parts[1], value: parts[2], line: index + 1 });
    else
      problems.push(
        `${file.path}:${index + 1}: a header is written "--! Key: value"; this is "${text.trim()}".`,
      );
  }
  return headers;
}

/** The headers as a map; one that is not in `known`, or that comes twice, is a problem. */
export function indexHeaders(
  file: SqlFile,
  headers: readonly Header[],
  known: readonly string[],
  problems: string[],
): Map<string, Header> {
  const byKey = new Map<string, Header>();
  for (const header of headers) {
    const where = `${file.path}:${header.line}`;
    if (!known.includes(header.key)) {
      problems.push(`${where}: unknown header "${header.key}". Known here: ${known.join(', ')}.`);
    } else if (byKey.has(header.key)) {
      problems.push(`${where}: header "${header.key}" is given twice. Keep one.`);
    } else {
      byKey.set(header.key, header);
    }
  }
  return byKey;
}

/** The file's title, which every file must have; an absent one is a problem. */
export function titleOf(file: SqlFile, headers: ReadonlyMap<string, Header>, problems: string[]): string {
  const title = headers.get('Title')?.value;
  if (title === undefined) problems.push(`${file.path}: has no title. Begin the file with "--! Title: …".`);
  return title ?? file.path;
}

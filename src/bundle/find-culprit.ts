/** The sections of a fix and what it did to a table → the line to look at first: the last one that does such a thing to it. */
import { escapePattern } from '../escape-pattern.js';
import type { CulpritPlace, Deed, Section, SqlFile } from '../model.js';
import { lineAt } from './split-statements.js';

/** null: no section names the table, as where a function does it that puts the name together. */
export function findCulprit(
  sections: readonly Pick<Section, 'file' | 'parts'>[],
  deed: Deed,
): CulpritPlace | null {
  const files = sections.flatMap(({ file, parts }) => [file, ...parts]).map(blankComments);
  for (const pattern of patternsFor(deed)) {
    for (const { path, text } of files.toReversed()) {
      const found = [...text.matchAll(pattern)].at(-1);
      if (found !== undefined) return { ...deed, path, line: lineAt(text, found.index) };
    }
  }
  return null;
}

/** From what says it best to what merely names the table. */
function patternsFor({ proof, table, policy, column }: Deed): RegExp[] {
  const name = namePattern(table);
  const anywhere = (words: string) => new RegExp(`\\b(?:${words})[^;]*?${name}`, 'gi');
  const onTable = String.raw`\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?`;
  const taking = new RegExp(
    String.raw`\b(?:delete\s+from|truncate(?:\s+table)?|drop\s+table)${onTable}${name}`,
    'gi',
  );
  const writing = new RegExp(
    String.raw`\b(?:update|merge\s+into|insert\s+into|alter\s+table)${onTable}${name}`,
    'gi',
  );
  const named = new RegExp(name, 'gi');
  // A statement about anything else of the table is no place to look for a column.
  if (column !== undefined) {
    return [
      new RegExp(String.raw`\balter\s+table${onTable}${name}[^;]*?${changing(column)}`, 'gi'),
      new RegExp(String.raw`\b(?:drop|create)\s+table${onTable}${name}`, 'gi'),
    ];
  }
  if (proof === 'rows') return [taking, writing, named];
  const policies =
    policy === null
      ? []
      : [new RegExp(String.raw`\bpolicy\s+"?${escapePattern(policy)}"?\s+on\s+${name}`, 'gi')];
  return [...policies, anywhere('grant|policy|revoke|row\\s+level\\s+security|view'), named];
}

/** As a part of an `alter table`. */
function changing(column: string): string {
  const deed = String.raw`(?:add|drop|alter)\s+(?:column\s+)?(?:if\s+(?:not\s+)?exists\s+)?`;
  const renaming = String.raw`rename\s+(?:column\s+)?(?:(?:"[^"]+"|[\w$]+)\s+to\s+)?`;
  return String.raw`\b(?:${deed}|${renaming})"?${escapePattern(column)}"?(?![\w$"])`;
}

/** With its schema or without, quoted or not. */
function namePattern(table: string): string {
  const [schema = '', own = ''] = table.split('.');
  return String.raw`(?<![\w$."])(?:"?${escapePattern(schema)}"?\s*\.\s*)?"?${escapePattern(own)}"?(?![\w$"])`;
}

/** As many lines as before. */
function blankComments({ path, text }: SqlFile): SqlFile {
  const lines = text.split('\n').map((line) => (/^\s*--/.test(line) ? '' : line.replace(/\s--\s.*$/, '')));
  return { path, text: lines.join('\n') };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const bundle = join(import.meta.dirname, '../../../sql/bundles/chat-schema-fix');
const facts = 'prelude/01_facts/02_names_and_words.sql';

const readFacts = (from: string, to: string): string => {
  const text = readFileSync(join(bundle, facts), 'utf8');
  return text.slice(text.indexOf(from), text.indexOf(to));
};

const wordsOf = (list: string): readonly string[] =>
  [...list.matchAll(/\{([^}]*)\}/g)].flatMap(([, words]) => (words as string).split(','));

/** The columns that the fix arrives at: the second word of each line `('table', 'column', 'type', …)`. */
const currentNames = new Set(
  [
    ...readFileSync(join(bundle, 'prelude/01_facts/01_tables_and_columns.sql'), 'utf8').matchAll(
      /^ {4}\('\w+', '(\w+)', '/gm,
    ),
  ].map(([, name]) => name),
);

// A name of one word (kind, text, from) is a word of SQL or of English, too, and stands in many places as that.
const olderNames = [
  ...wordsOf(readFacts('insert into schema_fix.column_names', ') as list (tables')),
  ...wordsOf(readFacts('insert into schema_fix.flags', ') as list (column_name, means, may_wait')),
].filter(
  (name) =>
    name.includes('_') &&
    !currentNames.has(name) &&
    !/(^|_)(rooms|members|participants|messages)$/.test(name),
);

const files = [
  'bundle.yml',
  ...['prelude', 'sections'].flatMap((folder) =>
    readdirSync(join(bundle, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(bundle, join(entry.parentPath, entry.name))),
  ),
].filter((file) => file !== facts);

describe('the older column names of the chat fix', () => {
  it('are many', () => {
    expect(olderNames).toEqual(
      expect.arrayContaining(['sender_id', 'conversation_id', 'left_at', 'is_admin']),
    );
  });

  it('stand in one file of prelude, sections and manifest', () => {
    const anyName = new RegExp(`\\b(?:${olderNames.join('|')})\\b`, 'g');
    const others = files.flatMap((file) =>
      readFileSync(join(bundle, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (line.match(anyName) ?? []).map((name) => `${file}:${index + 1}: ${name}`)),
    );
    expect(others).toEqual([]);
  });
});

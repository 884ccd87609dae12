/** What documents show of a bundle is what the bundle holds. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n');

const documents = ['sql/README.md', ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)];
const quotes = documents
  .filter((name) => name.endsWith('.md'))
  .flatMap((document) =>
    [...read(document).matchAll(/<!-- quoted from (\S+) -->\n```\w+\n(.*?)^```$/gms)].map(
      ([, source = '', text = '']) => ({ document, source, text }),
    ),
  );

it('documents quote', () => {
  expect(quotes.length).toBeGreaterThan(5);
});

it.each(quotes)('$document quotes $source', ({ source, text }) => {
  expect(read(source)).toContain(text);
});

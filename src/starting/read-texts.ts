/** What was given, as far as it is files of plain SQL → their texts, to say where something stands in them. */
import { readFile } from 'node:fs/promises';
import type { State } from '../model.js';
import type { NamedText } from './say-recursion.js';

export async function readTexts({ before }: State): Promise<NamedText[]> {
  const plain = before.filter(({ form }) => form.kind === 'plain');
  return Promise.all(plain.map(async ({ path }) => ({ path, text: await readFile(path, 'utf8') })));
}

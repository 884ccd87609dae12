import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type LanguageService, openLanguageService } from '../support/language-service.js';
import { findInjections, findSplit, findUnpinned, findUploadedOnce } from '../support/workflow-rules.js';

const root = path.resolve(import.meta.dirname, '../..');

/** A document shows a whole workflow, its jobs, its triggers, or some steps; what it leaves out is put around it. */
const frames: readonly [RegExp, (example: string) => string][] = [
  [/^on:[\s\S]*^jobs:/m, (example) => example],
  [/^jobs:/m, (example) => `on: pull_request\n${example}`],
  [/^on:/m, (example) => `${example}jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ls\n`],
  [
    /^ {6}- /m,
    (example) => `on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${example}`,
  ],
];

function examplesIn(document: string): [string, string][] {
  const text = readFileSync(path.join(root, document), 'utf8');
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, example = ''], index) => {
    const [, complete] = frames.find(([shape]) => shape.test(example)) ?? [];
    if (complete === undefined)
      throw new Error(`${document}: example ${index + 1} is no workflow:\n${example}`);
    return [`${document}, example ${index + 1}`, complete(example)];
  });
}

const examples = ['README.md', 'docs/recipes.md', 'docs/forks.md'].flatMap(examplesIn);

let service: LanguageService;

beforeAll(async () => {
  service = await openLanguageService(root);
});

describe('the workflows in our documents', () => {
  it('are looked at', () => {
    expect(examples.length).toBeGreaterThanOrEqual(10);
  });

  it.each(examples)('%s is valid, says GitHub', async (name, text) => {
    expect(await service.findMistakes(`.github/workflows/${name}.yml`, text)).toEqual([]);
  });

  it('use each action as our own workflows do, but for those of Enterprise Server', () => {
    const own = readdirSync(path.join(root, '.github/workflows')).map((name) =>
      readFileSync(path.join(root, '.github/workflows', name), 'utf8'),
    );
    const shown = examples.map(([, text]) => text.replace(/^.* # v[\d.]+-node20$/gm, ''));
    expect(findSplit([...own, ...shown])).toEqual([]);
  });

  it.each(examples)('%s is pinned by commit and puts nothing from outside into a shell', (_, text) => {
    expect([...findUnpinned(text), ...findInjections(text), ...findUploadedOnce(text)]).toEqual([]);
  });
});

/** Folders are the pipeline, left to right: what stands on the left knows nothing of what stands on the right. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const source = path.resolve(import.meta.dirname, '../../src');

/** Left to right. Files of `src` that are not in the list are entries: they stand last. */
const layers = [
  'model',
  'model.ts',
  'watched.ts',
  'errors.ts',
  'counted.ts',
  'action-root.ts',
  'make-folder.ts',
  'escape-pattern.ts',
  'group-by.ts',
  'why-not-written.ts',
  'settings',
  'bundle',
  'logs',
  'postgres',
  'backup',
  'before',
  'database',
  'copying',
  'loading',
  'starting',
  'stages',
  'watching',
  'report',
  'publish',
  'locate-bundle.ts',
  'commands',
  'run.ts',
  'carry-out.ts',
];
const entry = layers.length;

/** Package → the layers that may import it; whatever is not listed is for all. */
const reserved: readonly { package: RegExp; layers: readonly string[] }[] = [
  { package: /^pg(-copy-streams)?$/, layers: ['postgres', 'database'] },
  { package: /^@(actions|octokit)\//, layers: ['settings', 'publish', 'an entry'] },
];

interface SourceFile {
  /** From `src`, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

function findViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => importsOf(file.text).flatMap((target) => judgeImport(file, target)));
}

function importsOf(text: string): string[] {
  const found = text.matchAll(
    /^(?:import|export)\s(?:[^'";]*\sfrom\s)?'([^']+)'|\bimport\(\s*(?:\/\*.*?\*\/\s*)?'([^']+)'\s*,?\s*\)/gm,
  );
  return [...found].map(([, still, dynamic]) => still ?? dynamic ?? '');
}

function judgeImport({ path: file }: SourceFile, target: string): string[] {
  const from = layerOf(file);
  if (from <= layers.indexOf('model.ts') && !target.startsWith('.'))
    return [`${file} imports ${target}, but the model imports nothing`];
  if (target.startsWith('.')) {
    const imported = path.posix.join(path.posix.dirname(file), target).replace(/\.js$/, '.ts');
    if (layerOf(imported) <= from) return [];
    return [`${file} imports ${imported}, which stands to its right`];
  }
  const rule = reserved.find((known) => known.package.test(target));
  const layer = layers[from] ?? 'an entry';
  if (rule === undefined || rule.layers.includes(layer)) return [];
  return [`${file} imports ${target}, which is for ${rule.layers.join(', ')}`];
}

function layerOf(file: string): number {
  const first = file.split('/')[0] ?? '';
  const position = layers.indexOf(first);
  if (position >= 0) return position;
  if (first.endsWith('.ts')) return entry;
  throw new Error(`src/${first} has no place among the layers. Add it to the list of this test.`);
}

const sources: SourceFile[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll(path.sep, '/'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ path: name, text: readFileSync(path.join(source, name), 'utf8') }));

describe('the layers', () => {
  it('import leftward only', () => {
    expect(sources.length).toBeGreaterThan(80);
    expect(findViolations(sources)).toEqual([]);
  });

  it.each([
    [
      'bundle/a.ts',
      "import { run } from '../run.js';",
      'bundle/a.ts imports run.ts, which stands to its right',
    ],
    [
      'stages/deep/a.ts',
      "import type { Report } from '../../report/build-report.js';",
      'stages/deep/a.ts imports report/build-report.ts, which stands to its right',
    ],
    ['stages/a.ts', "import pg from 'pg';", 'stages/a.ts imports pg, which is for postgres, database'],
    [
      'report/a.ts',
      "import {\n  info,\n} from '@actions/core';",
      'report/a.ts imports @actions/core, which is for settings, publish, an entry',
    ],
    [
      'model.ts',
      "import type { A } from './errors.js';",
      'model.ts imports errors.ts, which stands to its right',
    ],
    [
      'model/a.ts',
      "import type { A } from '../model.js';",
      'model/a.ts imports model.ts, which stands to its right',
    ],
    ['model/a.ts', "import pg from 'pg';", 'model/a.ts imports pg, but the model imports nothing'],
    [
      'settings/a.ts',
      "export * from '../bundle/a.js';",
      'settings/a.ts imports bundle/a.ts, which stands to its right',
    ],
    [
      'run.ts',
      "const { main } = await import('./cli.js');",
      'run.ts imports cli.ts, which stands to its right',
    ],
    [
      'bundle/a.ts',
      'const { run } = await import(/* webpackMode: "eager" */ \'../run.js\');',
      'bundle/a.ts imports run.ts, which stands to its right',
    ],
  ])('are seen to be broken by %s', (file, text, violation) => {
    expect(findViolations([{ path: file, text }])).toEqual([violation]);
  });

  it.each([
    ['cli.ts', "import { run } from './run.js';\nimport { getInput } from '@actions/core';"],
    ['stages/a.ts', "import path from 'node:path';\nimport { b } from './b.js';"],
    ['publish/github/a.ts', "import type { Report } from '../../model.js';"],
  ])('let %s import what stands to its left', (file, text) => {
    expect(findViolations([{ path: file, text }])).toEqual([]);
  });
});

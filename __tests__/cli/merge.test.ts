import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import type { Report } from '../../src/model.js';
import { renderJson } from '../../src/report/render-json.js';
import { aReport } from '../support/build-report.js';
import { buildSubject } from '../support/build-results.js';
import { cliPath } from '../support/run-cli.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'merge-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function writeShards(...indexes: number[]): Promise<void> {
  for (const index of indexes) {
    const subjects = [buildSubject({ name: `0${index}_state` })];
    const report = aReport({ shard: { index, count: 2 }, subjects });
    await writeFile(path.join(folder, `shard-${index}.json`), renderJson(report));
  }
}

function merge(...words: string[]) {
  return execa('node', [cliPath, 'merge', ...words], { cwd: folder, reject: false });
}

describe('schema-fix merge', () => {
  it('joins shards into one report and passes', async () => {
    await writeShards(1, 2);
    const { exitCode, stdout } = await merge(
      '--reports',
      'shard-*.json',
      '--json',
      'all.json',
      '--markdown',
      'all.md',
    );
    expect({ exitCode, last: stdout.split('\n').at(-1) }).toEqual({
      exitCode: 0,
      last: expect.stringMatching(
        /^PASS, safe to merge {2}Comprehensive chat schema fix: 2 of 2 databases, 16 of 16 checks/,
      ),
    });
    const merged = JSON.parse(await readFile(path.join(folder, 'all.json'), 'utf8')) as Report;
    expect(merged.subjects.map(({ name }) => name)).toEqual(['01_state', '02_state']);
    expect(await readFile(path.join(folder, 'all.md'), 'utf8')).toMatch(/PASS/);
  });

  it('fails with a reason when a shard is missing', async () => {
    await writeShards(2);
    const { exitCode, stdout } = await merge('--reports', '*.json');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Postgres 17: shard 1 of 2 is missing.');
  });

  it('fails when a whole report is missing that was expected', async () => {
    await writeShards(1, 2);
    const { exitCode, stdout } = await merge('--reports', '*.json', '--expected-reports', '4');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('There are 2 reports, not 4 as expected.');
  });

  it.each([
    ['no file', ['--reports', 'none/*.json'], 'reports: no file matches none/*.json.'],
    ['no glob', [], 'reports: is missing. Give globs of the JSON reports to join.'],
    ['a file that is no report', ['--reports', 'shard-1.json', 'other.txt'], 'other.txt: is not JSON.'],
    [
      'an expected number that is none',
      ['--reports', '*.json', '--expected-reports', 'x'],
      'expected-reports: "x" is not a whole number',
    ],
    [
      'an address',
      ['--reports', '*.json', '--postgres-url', 'postgres://h/d'],
      'postgres-url: is not for merge',
    ],
  ])('says what is wrong when given %s', async (_, words, message) => {
    await writeShards(1);
    await writeFile(path.join(folder, 'other.txt'), 'hello');
    const { exitCode, stderr } = await merge(...words);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  it('says that its output cannot be written, with an exit code of its own', async () => {
    await writeShards(1, 2);
    const { exitCode, stderr } = await execa(
      'sh',
      ['-c', `"${process.execPath}" "${cliPath}" merge --reports 'shard-*.json' > /dev/full`],
      { cwd: folder, reject: false },
    );
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr:
        'The output cannot be written: the disk is full. Make room, or write the report into a file: --json FILE.',
    });
  });

  it('keeps its verdict where nobody reads on', async () => {
    await writeShards(2);
    const { exitCode, stderr } = await execa(
      'bash',
      ['-c', `set -o pipefail; "${process.execPath}" "${cliPath}" merge --reports '*.json' | true`],
      { cwd: folder, reject: false },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  });

  it('leaves no half of a report, nor an older one, where it cannot be written whole', async () => {
    await writeShards(1, 2);
    await writeFile(path.join(folder, 'page.html'), 'of an earlier run');
    const { exitCode, stderr } = await execa(
      'bash',
      [
        '-c',
        `ulimit -f 1; "${process.execPath}" "${cliPath}" merge --reports 'shard-*.json' --html page.html`,
      ],
      { cwd: folder, reject: false },
    );
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr:
        '--html page.html: cannot be written: it would be larger than a file may be here. Name a file that can be written.',
    });
    expect(await readdir(folder)).toEqual(['shard-1.json', 'shard-2.json']);
  });
});

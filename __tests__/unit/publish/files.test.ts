import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UserError } from '../../../src/errors.js';
import { assertWritable, writeReportFiles } from '../../../src/publish/files.js';
import { allPass } from '../../support/sample-reports.js';

const none = { json: null, markdown: null, html: null, junit: null };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-files-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function problemsOf(files: Parameters<typeof assertWritable>[0]): Promise<string[]> {
  const error = await assertWritable(files).catch((thrown: unknown) => thrown);
  if (!(error instanceof UserError)) throw new Error('assertWritable threw no UserError', { cause: error });
  expect(error.exitCode).toBe(2);
  return error.message.split('\n');
}

describe('assertWritable', () => {
  it('asks for nothing where no file is wanted', async () => {
    await expect(assertWritable(none)).resolves.toBeUndefined();
  });

  it('makes the folder and leaves no file behind', async () => {
    await assertWritable({ ...none, json: join(folder, 'a', 'b', 'report.json') });
    expect(await readdir(join(folder, 'a', 'b'))).toEqual([]);
  });

  it('leaves a file that is there as it is', async () => {
    const path = join(folder, 'report.json');
    await writeFile(path, 'yesterday');
    await assertWritable({ ...none, json: path });
    expect(await readFile(path, 'utf8')).toBe('yesterday');
  });

  it('names every file that cannot be written, and why', async () => {
    await writeFile(join(folder, 'file'), '');
    const files = { json: folder, markdown: join(folder, 'file', 'report.md'), html: null, junit: ' ' };
    expect(await problemsOf(files)).toEqual([
      `--json ${folder}: this is a folder. Name a file in it.`,
      `--markdown ${files.markdown}: cannot be written: a part of its path is a file, not a folder. Name a file that can be written.`,
      '--junit: the name is empty. Name a file that can be written.',
    ]);
  });

  it('does not let a report take the place of what a bundle is read from', async () => {
    await mkdir(join(folder, 'sections'));
    const files = { json: join(folder, 'bundle.yml'), markdown: join(folder, 'sections', '01_a.sql') };
    for (const path of Object.values(files)) await writeFile(path, 'select 1');
    expect(await problemsOf(files)).toEqual([
      `--json ${files.json}: this is a file of a bundle, and would be lost. Name another file.`,
      `--markdown ${files.markdown}: this is a file of a bundle, and would be lost. Name another file.`,
    ]);
    await assertWritable({ ...none, json: join(folder, 'report.json') });
  });

  it('does not let two files of a run overwrite one another', async () => {
    const path = join(folder, 'report');
    const other = `${folder}/./report`;
    expect(await problemsOf({ ...none, json: path, 'plan-out': other })).toEqual([
      `--plan-out ${other}: another file of this run is written to the same file. Give each its own name.`,
    ]);
  });

  it('finds out that permission is denied, and for the superuser that nothing can be made', async () => {
    const locked = join(folder, 'locked');
    await mkdir(locked, { mode: 0o500 });
    const isRoot = process.getuid?.() === 0;
    const path = isRoot ? '/proc/report.json' : join(locked, 'report.json');
    const why = isRoot ? 'no file can be made there' : 'permission denied';
    expect(await problemsOf({ ...none, json: path })).toEqual([
      `--json ${path}: cannot be written: ${why}. Name a file that can be written.`,
    ]);
  });

  it('comes to an end where no folder can be made, as below /proc', async () => {
    const path = '/proc/nowhere/deep/report.json';
    expect(await problemsOf({ ...none, json: path })).toEqual([
      expect.stringContaining(`--json ${path}: cannot be written: `),
    ]);
  }, 5_000);
});

describe('writeReportFiles', () => {
  it('writes each in its own format', async () => {
    const files = {
      json: join(folder, 'r.json'),
      markdown: join(folder, 'new', 'r.md'),
      html: join(folder, 'r.html'),
      junit: join(folder, 'r.xml'),
    };
    await writeReportFiles(files, allPass(), null);
    expect(JSON.parse(await readFile(files.json, 'utf8'))).toMatchObject({
      formatVersion: 1,
      verdict: 'pass',
    });
    expect(await readFile(files.markdown, 'utf8')).toMatch(/^## ✅ PASS/);
    expect(await readFile(files.html, 'utf8')).toMatch(/^<!doctype html>/);
    expect(await readFile(files.junit, 'utf8')).toMatch(/^<\?xml /);
  });

  it('writes what it can, then says what it could not', async () => {
    const files = { json: folder, markdown: join(folder, 'r.md'), html: null, junit: null };
    await expect(writeReportFiles(files, allPass(), null)).rejects.toMatchObject({
      exitCode: 3,
      message: `--json ${folder}: cannot be written: it is a folder. Name a file that can be written.`,
    });
    expect(await readdir(folder)).toEqual(['r.md']);
  });
});

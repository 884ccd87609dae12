import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readReports } from '../../../src/report/read-reports.js';
import { renderJson } from '../../../src/report/render-json.js';
import { aReport } from '../../support/build-report.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'read-reports-'));
});

afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(path.join(folder, name), text);
const read = (...globs: string[]) => readReports(globs.map((glob) => `${folder}/${glob}`));

describe('readReports', () => {
  it('reads back what was written', async () => {
    const report = aReport();
    await write('a.json', renderJson(report));
    const { reports, unmatched } = await read('*.json');
    expect(reports.map((named) => ({ ...named, path: path.normalize(named.path) }))).toEqual([
      { path: path.join(folder, 'a.json'), report },
    ]);
    expect(unmatched).toEqual([]);
  });

  it('reads a file once that two globs match', async () => {
    await write('a.json', renderJson(aReport()));
    expect((await read('*.json', 'a.*')).reports).toHaveLength(1);
  });

  it('gives the globs that match nothing, where another matches', async () => {
    await write('a.json', renderJson(aReport()));
    expect((await read('*.json', 'b/*.json')).unmatched).toEqual([`${folder}/b/*.json`]);
  });

  it('refuses globs that match nothing at all', async () => {
    await expect(read('*.json', 'b/*.json')).rejects.toThrow(
      /^reports: no file matches .*\*\.json, .*b\/\*\.json\./,
    );
  });

  it('names every file that is no report, and quotes none of its content', async () => {
    const report = aReport();
    await write('a.json', '::error::<!-- not JSON');
    await write('b.json', JSON.stringify({ ...report, formatVersion: 2 }));
    await write(
      'c.json',
      JSON.stringify({ ...report, subjects: [{ ...report.subjects[0], outcome: '::error::' }] }),
    );
    await write('d.json', JSON.stringify({ ...report, shard: { index: 1, count: 1e12 } }));
    await write(
      'e.json',
      JSON.stringify({ ...report, postgres: [{ version: '17\n::error::', source: 'url' }] }),
    );
    await write('f.json', 'null');
    const error = await read('*.json').then(
      () => null,
      (thrown: Error) => thrown,
    );
    expect(error?.message.split('\n').map((line) => line.slice(line.lastIndexOf('/') + 1))).toEqual([
      'a.json: is not JSON. Give only reports that --json wrote.',
      expect.stringMatching(/^b\.json: is no report of this version \(formatVersion: /),
      expect.stringMatching(/^c\.json: is no report of this version \(subjects\.0\.outcome: /),
      expect.stringMatching(/^d\.json: is no report of this version \(shard\.count: /),
      expect.stringMatching(/^e\.json: is no report of this version \(postgres\.0\.version: /),
      expect.stringMatching(/^f\.json: is no report of this version \(the file: /),
    ]);
    expect(error?.message).not.toContain('::error::');
  });

  it('does not read files that are too large together', async () => {
    for (const index of Array(9).keys()) {
      await write(`${index}.json`, '');
      await truncate(path.join(folder, `${index}.json`), 64 * 1024 * 1024);
    }
    await expect(read('*.json')).rejects.toThrow('reports: 9 files of 603979776 bytes match; the most is');
  });

  it('does not read a file that is too large', async () => {
    await write('a.json', '');
    await truncate(path.join(folder, 'a.json'), 64 * 1024 * 1024 + 1);
    await expect(read('a.json')).rejects.toThrow(
      'a.json: has 67108865 bytes; a report has 67108864 at most.',
    );
  });
});

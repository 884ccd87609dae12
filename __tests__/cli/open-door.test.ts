import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { execa } from 'execa';
import type { Report } from '../../src/model.js';
import { cliPath } from '../support/run-cli.js';

/** What the self-test workflow expects of it: red for its one mistake, and for nothing else. */
it('the bundle that must fail fails, for the mistake that it holds', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'open-door-'));
  try {
    const json = path.join(folder, 'report.json');
    const bundle = '__tests__/fixtures/bundles/open-door';
    const words = ['rehearse', '--rollback', 'false', '--bundle', bundle, '--json', json];
    const { exitCode } = await execa('node', [cliPath, ...words], { reject: false });
    const report = JSON.parse(await readFile(json, 'utf8')) as Report;
    expect({ exitCode, verdict: report.verdict, reasons: report.reasons }).toEqual({
      exitCode: 1,
      verdict: 'fail',
      reasons: [],
    });
    expect(report.tallies).toMatchObject({
      checks: { planned: 2, executed: 2, passed: 1 },
      scenarios: { planned: 1, executed: 1, passed: 0 },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

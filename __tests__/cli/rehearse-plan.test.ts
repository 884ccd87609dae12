import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { parse } from 'yaml';

const workflow = path.resolve(import.meta.dirname, '../../.github/workflows/rehearse.yml');
const [{ run: script }] = parse(readFileSync(workflow, 'utf8')).jobs.plan.steps;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plan-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function plan(majors: string, shards: string): Promise<{ stdout: string; outputs: string[] }> {
  const file = path.join(folder, 'outputs');
  const env = { MAJORS: majors, SHARDS: shards, GITHUB_OUTPUT: file };
  const { stdout, exitCode } = await execa('bash', ['-c', script], { env, reject: false });
  return { stdout, outputs: exitCode === 0 ? readFileSync(file, 'utf8').trim().split('\n') : [] };
}

describe('the plan of the reusable workflow', () => {
  it.each([
    ['17', '1', ['majors=[17]', 'indexes=[1]', 'reports=1']],
    ['14, 15, 16, 17, 18', '4', ['majors=[14,15,16,17,18]', 'indexes=[1,2,3,4]', 'reports=20']],
    ['18 17\n18', '2', ['majors=[17,18]', 'indexes=[1,2]', 'reports=4']],
  ])('makes of %j and %s shards what the matrix takes', async (majors, shards, outputs) => {
    expect((await plan(majors, shards)).outputs).toEqual(outputs);
  });

  it.each([
    ['', '1', 'postgres-versions takes majors'],
    ['17; ls', '1', 'postgres-versions takes majors'],
    ['17"]', '1', 'postgres-versions takes majors'],
    ['17', '0', 'shards takes a whole number'],
    ['17', '1.5', 'shards takes a whole number'],
    ['16, 17', '129', 'makes 258 jobs'],
  ])('refuses %j and %s shards', async (majors, shards, message) => {
    const { stdout, outputs } = await plan(majors, shards);
    expect(outputs).toEqual([]);
    expect(stdout).toContain(`::error::`);
    expect(stdout).toContain(message);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { CheckRunAnnotation } from '../../../../src/publish/github/github-api.js';
import { publishCheckRun } from '../../../../src/publish/github/publish-check-run.js';

async function publishAnnotations(
  count: number,
  path: string | null = 'a.sql',
): Promise<CheckRunAnnotation[][]> {
  const batches: CheckRunAnnotation[][] = [];
  const api = {
    createCheckRun: async ({ output }: { output: { annotations: readonly CheckRunAnnotation[] } }) => {
      batches.push([...output.annotations]);
      return 5;
    },
    addToCheckRun: async (id: number, output: { annotations: readonly CheckRunAnnotation[] }) => {
      expect(id).toBe(5);
      batches.push([...output.annotations]);
    },
  };
  const annotations = Array.from({ length: count }, (_, index) => ({
    folder: '/repo',
    path,
    line: index + 1,
    title: 't',
    message: 'm',
  }));
  const note = await publishCheckRun(api, {
    delivery: { verdict: 'fail', headline: 'FAIL', renderBody: () => 'body', annotations },
    context: {
      commit: 'abc',
      runUrl: 'https://github.test/run',
      workspace: '/repo',
      pullRequest: { kind: 'none', reason: '' },
    },
    key: 'default',
  });
  expect(note).toBeNull();
  return batches;
}

describe('publishCheckRun', () => {
  it.each([
    [0, [0]],
    [50, [50]],
    [51, [50, 1]],
    [120, [50, 50, 20]],
    [9_999, Array(10).fill(50)],
  ])('sends %i annotations in requests of at most fifty', async (count, sizes) => {
    expect((await publishAnnotations(count)).map(({ length }) => length)).toEqual(sizes);
  });

  it('leaves out what is in no file of the repository', async () => {
    expect(await publishAnnotations(3, null)).toEqual([[]]);
  });
});

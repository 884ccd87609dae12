import { describe, expect, it } from '@jest/globals';
import { loadBundle } from '../../src/bundle/load-bundle.js';
import { type FuzzFailure, fuzz } from '../support/legacy/fuzz.js';

/** By default the few databases of every test run; `npm run fuzz` asks for more, or for one again. */
const seed = Number(process.env.FUZZ_SEED ?? 20_251_014);
const runs = Number(process.env.FUZZ_RUNS ?? 3);
const paths = process.env.FUZZ_PATH?.split(',') ?? Array.from({ length: runs }, (_, index) => String(index));
const isLong = process.env.FUZZ_RUNS !== undefined || process.env.FUZZ_PATH !== undefined;

describe('the chat schema fix', () => {
  it(
    `repairs ${paths.length} random legacy databases (seed ${seed})`,
    async () => {
      let done = 0;
      const bundle = await loadBundle('sql/bundles/chat-schema-fix', 'sql');
      const failures = await fuzz(bundle, {
        seed,
        paths,
        withProofs: isLong,
        concurrency: Number(process.env.FUZZ_CONCURRENCY ?? 2),
        shrinkFor: 1000 * Number(process.env.FUZZ_SHRINK ?? 20),
        onFailure: (failure) => process.stderr.write(`${tell(failure)}\n`),
        onDone: () => {
          done += 1;
          if (done % 50 === 0) process.stderr.write(`${done} of ${paths.length} databases\n`);
        },
      });
      expect(failures.map(({ path }) => path)).toEqual([]);
    },
    isLong ? 2 ** 31 - 1 : 300_000,
  );
});

function tell({ seed, path, problems, sql }: FuzzFailure): string {
  return [
    `A legacy database that the fix does not repair; again: npm run fuzz -- --seed ${seed} --path ${path}`,
    ...problems.map((problem) => `  ${problem.replaceAll('\n', '\n    ')}`),
    'Its state file:',
    sql,
  ].join('\n');
}

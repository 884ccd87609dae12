/** `npm run fuzz -- --runs 1000 --seed 42`: random legacy databases through the whole rehearsal, on the tests' own server. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    // One database again, or several: `--path 17,23:0:4`, as a failure names it.
    path: { type: 'string' },
    concurrency: { type: 'string', default: String(Math.max(2, availableParallelism())) },
    // The major of the server; by default the one that came with `npm ci`.
    postgres: { type: 'string', default: '0' },
    // Seconds for making a failing database smaller; 0 leaves it as it was drawn.
    shrink: { type: 'string', default: '60' },
  },
});

for (const [name, value] of Object.entries(values)) {
  if (name !== 'path' && !/^\d+$/.test(value)) {
    console.error(`--${name} takes a whole number, not ${value}.`);
    process.exit(2);
  }
}

const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '__tests__/database/chat-fuzz.test.ts',
  ],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      FUZZ_RUNS: values.runs,
      FUZZ_SEED: values.seed,
      FUZZ_CONCURRENCY: values.concurrency,
      FUZZ_SHRINK: values.shrink,
      TEST_POSTGRES: values.postgres,
      ...(values.path === undefined ? {} : { FUZZ_PATH: values.path }),
    },
  },
);
jest.on('exit', (code) => {
  process.exitCode = code ?? 1;
});

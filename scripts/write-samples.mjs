/**
 * Writes the sample output of README.md: what the main job says. `npm run docs:check` only asks whether the states, checks and
 * scenarios are those that it was made with, which takes no run.
 */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { placeSample, readCurrentSample, shortenOutput } from './sample.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { stdout } = await promisify(execFile)(process.execPath, ['lib/cli.js', 'rehearse'], {
  cwd: root,
  env: { ...process.env, NO_COLOR: '1', GITHUB_ACTIONS: '' },
  maxBuffer: 64 * 1024 * 1024,
}).catch((error) => {
  // What Node shows of it ends before what failed.
  process.stderr.write(`${error.stdout}\n${error.stderr}\nThe sample is not written: a rehearsal failed.\n`);
  process.exit(1);
});
const path = fileURLToPath(new URL('../README.md', import.meta.url));
await writeFile(
  path,
  placeSample(await readFile(path, 'utf8'), shortenOutput(stdout), await readCurrentSample()),
);

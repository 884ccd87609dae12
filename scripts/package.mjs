/**
 * Bundles each entry of `lib` with everything it imports into `dist`, which runs without node_modules. Checks what came
 * out, because ncc copies a folder that it believes to be read, and the copy would then be read instead.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const ncc = join(root, 'node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js');
const dist = join(root, 'dist');

/** Folder in `dist` → entry in `lib`. */
const bundles = {
  '': 'action.js',
  cli: 'cli.js',
  post: 'post.js',
  supervisor: 'postgres/supervisor.js',
};

const expectedFiles = new Set(['index.js', 'package.json', 'licenses.txt']);

await rm(dist, { recursive: true, force: true });
for (const [folder, entry] of Object.entries(bundles)) {
  await bundle(join(root, 'lib', entry), join(dist, folder));
}
await assertNothingForeign();

async function bundle(entry, folder) {
  const options = ['build', entry, '--out', folder, '--license', 'licenses.txt', '--no-cache', '--quiet'];
  await promisify(execFile)(process.execPath, [ncc, ...options], { cwd: root });
}

async function assertNothingForeign() {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const problems = [];
  for (const file of entries.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    const name = relative(root, path);
    if (!expectedFiles.has(file.name)) {
      problems.push(
        `${name}: copied by ncc. Write the path that it comes from so that ncc cannot evaluate it.`,
      );
    } else if ((await readFile(path, 'utf8')).includes(root)) {
      problems.push(`${name}: holds the path of this machine, ${root}`);
    }
  }
  if (problems.length > 0) {
    throw new Error(`dist is not fit to be committed:\n${problems.join('\n')}`);
  }
}

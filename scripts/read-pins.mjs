/** The actions of others that our workflows use, which Dependabot keeps up to date → documents that use the same. */
import { readdir, readFile } from 'node:fs/promises';

const workflows = new URL('../.github/workflows/', import.meta.url);
const pin = /uses: ([\w-]+\/[\w./-]+)@([0-9a-f]{40} # v[\w.-]+)/g;

/** Name → `COMMIT # VERSION`. */
export async function readPins() {
  const names = await readdir(workflows);
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, workflows), 'utf8')));
  return new Map(texts.flatMap((text) => [...text.matchAll(pin)].map(([, name, at]) => [name, at])));
}

/** What only Enterprise Server needs stays: an older major, made again for the Node of today. */
export function withPins(text, pins) {
  return text.replace(pin, (line, name, at) =>
    at.endsWith('-node20') ? line : line.replace(at, pins.get(name) ?? at),
  );
}

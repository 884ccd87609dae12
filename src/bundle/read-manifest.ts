/** `bundle.yml` → the manifest, or every mistake in it. */
import { LineCounter, parseDocument } from 'yaml';
import { UserError } from '../errors.js';
import { describeIssue } from './describe-issue.js';
import { findTooMany } from './find-too-many.js';
import { findUnknownFacts } from './find-unknown-facts.js';
import { type Manifest, makeJsonSchema, manifestSchema } from './manifest-schema.js';
import { readManifestText } from './read-manifest-text.js';

export interface ReadManifest {
  readonly manifest: Manifest;
  readonly text: string;
}

/** Returns null, and adds to `problems`, where the manifest cannot be used. */
export async function readManifest(folder: string, problems: string[]): Promise<ReadManifest | null> {
  const text = await readOwnText(folder, problems);
  if (text === null) return null;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  // One mistake makes others of what follows.
  for (const error of document.errors.slice(0, 1)) {
    problems.push(
      `bundle.yml:${error.linePos?.[0].line ?? 1}: is not YAML: ${error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}.`,
    );
  }
  if (document.errors.length > 0) return null;

  let values: unknown;
  try {
    values = document.toJS() ?? {};
  } catch (error: unknown) {
    // An alias of nothing, or aliases of aliases that would fill the memory.
    problems.push(
      `bundle.yml: is not YAML that can be read: ${error instanceof Error ? error.message : error}.`,
    );
    return null;
  }
  const parsed = manifestSchema.safeParse(values);
  const place = { document, lines, schema: makeJsonSchema() };
  const issues = parsed.success
    ? [...findUnknownFacts(parsed.data), ...findTooMany(parsed.data)]
    : parsed.error.issues;
  for (const issue of issues) problems.push(...describeIssue(issue, place));
  return parsed.success ? { manifest: parsed.data, text } : null;
}

async function readOwnText(folder: string, problems: string[]): Promise<string | null> {
  try {
    return await readManifestText(folder);
  } catch (error: unknown) {
    if (!(error instanceof UserError)) throw error;
    const isAbsent = (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
    const absent = 'bundle.yml: not found. Every bundle has one; see sql/README.md for its keys.';
    problems.push(isAbsent ? absent : error.message);
    return null;
  }
}

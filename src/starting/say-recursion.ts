/** Tables that nobody can read → the sentence for each cause, which is what their owner comes for. */
import { lineAt } from '../bundle/split-statements.js';
import { escapePattern } from '../escape-pattern.js';
import type { Recursion } from './find-recursion.js';

export interface NamedText {
  readonly path: string;
  readonly text: string;
}

/** `files` are those that were given as far as they are text, the newest last. */
export function sayRecursion(recursions: readonly Recursion[], files: readonly NamedText[]): string[] {
  return recursions.map(({ tables, message, policies }) => {
    const named = policies.map((policy) => `"${policy}"${placeOf(policy, files)}`);
    const cause =
      named.length === 0 ? '' : `, ${named.length === 1 ? 'policy' : 'policies'} ${named.join(', ')}`;
    return `Nobody can read ${tables.join(', ')}: ${message}${cause}. Let it ask a security definer function instead (sections/02), and say in access/ who is to read what.`;
  });
}

/** The last file that makes it is the one that holds. */
function placeOf(policy: string, files: readonly NamedText[]): string {
  const escaped = escapePattern(policy.replaceAll('"', '""'));
  const bare = /^[a-z_][a-z0-9_]*$/.test(policy) ? `|${escaped}\\b` : '';
  const pattern = new RegExp(`create\\s+policy\\s+(?:"${escaped}"${bare})`, 'i');
  for (const { path, text } of [...files].reverse()) {
    const at = text.search(pattern);
    if (at >= 0) return ` (${path}:${lineAt(text, at)})`;
  }
  return '';
}

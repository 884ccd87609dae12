/** The files of a fix → a problem for each place that sets a sequence in a way which no rollback undoes. */
import type { SqlFile } from '../model.js';

/** In text that is put together while it runs nothing is found; that a sequence went back is found afterwards. */
export function refuseSetval(files: readonly SqlFile[], problems: string[]): void {
  for (const { path, text } of files) {
    for (const [index, line] of text.split('\n').entries()) {
      if (!/\bsetval\b/i.test(line.replace(/--.*$/, ''))) continue;
      problems.push(
        `${path}:${index + 1}: setval stays when the fix is rolled back. Write \`alter sequence … restart with …\`: ${line.trim()}`,
      );
    }
  }
}

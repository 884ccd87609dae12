/** Whatever was thrown → said on stderr without the secrets among the words, and the exit code. */
import { readWordsSecrets } from '../settings/read-secrets.js';
import { hideSecrets } from '../settings/secrets.js';
import { describeError } from './describe-error.js';

export function tellError(error: unknown, words: readonly string[]): number {
  const { text, exitCode } = describeError(error, {
    isVerbose: words.includes('--verbose'),
    detailsAt: '--verbose',
  });
  process.stderr.write(`${hideSecrets(text, readWordsSecrets(words))}\n`);
  return exitCode;
}

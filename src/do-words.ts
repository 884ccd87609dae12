/** The words of a command → what they ask for, done and printed, and the exit code that README.md lists. */
import { stopOnSignals, whyEnded } from './publish/stop-on-signals.js';
import { tellError } from './publish/tell-error.js';
import type { RawInputs } from './settings/input-reader.js';
import { parseSettings } from './settings/parse-settings.js';
import type { CommandArguments } from './settings/read-arguments.js';
import { readWordsSecrets } from './settings/read-secrets.js';
import { hideSecrets, type SecretForm } from './settings/secrets.js';
import { isPrinting, isReturning, isWatching, type Settings } from './settings/settings.js';

/** Throws nothing: what goes wrong is told, and is the exit code. */
export async function doWords(words: readonly string[], { raw, verbose }: CommandArguments): Promise<number> {
  const { signal, dispose } = stopOnSignals();
  try {
    const inputs = { ...(await askWhereNothingIsSaid(raw, signal)), environment: process.env };
    const options = { secrets: readWordsSecrets(words), isVerbose: verbose, signal };
    return await execute(parseSettings(inputs), options);
  } catch (error: unknown) {
    return tellError(whyEnded(error, signal), words);
  } finally {
    dispose();
  }
}

/** `init` alone, at a terminal, asks; anywhere else it takes its defaults. */
async function askWhereNothingIsSaid(raw: RawInputs, signal: AbortSignal): Promise<RawInputs> {
  const isBare = raw.values.get('command') === 'init' && raw.values.size === 1;
  if (!isBare || !process.stdin.isTTY || !process.stdout.isTTY) return raw;
  const { askForStarter } = await import(/* webpackMode: "eager" */ './settings/ask-for-starter.js');
  return askForStarter(raw, { input: process.stdin, output: process.stdout, signal });
}

async function execute(
  settings: Settings,
  options: {
    readonly secrets: readonly SecretForm[];
    readonly isVerbose: boolean;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  if (isPrinting(settings)) {
    const { printText } = await import(/* webpackMode: "eager" */ './print-text.js');
    const { secrets, signal } = options;
    const text = await printText(settings, {
      signal,
      tell: (line) => process.stderr.write(`${hideSecrets(line, secrets)}\n`),
    });
    process.stdout.write(hideSecrets(text, secrets));
    return 0;
  }
  if (isReturning(settings)) {
    const { returnTo, writeReturnFile } = await import(/* webpackMode: "eager" */ './return-to.js');
    const { withoutSecrets } = await import(/* webpackMode: "eager" */ './settings/secrets.js');
    const { afterFate } = await import(/* webpackMode: "eager" */ './database/telling-fate.js');
    const found = await returnTo(settings, options);
    return afterFate(found.committed, async () => {
      const returned = withoutSecrets(found, options.secrets);
      process.stdout.write(returned.text);
      await writeReturnFile(settings, returned, null);
      return returned.isDone ? 0 : 1;
    });
  }
  if (isWatching(settings)) {
    const { watchOver, writeWatchFiles } = await import(/* webpackMode: "eager" */ './watch-over.js');
    const report = await watchOver(settings, options);
    await writeWatchFiles(settings.files, report, null);
    return report.verdict === 'pass' ? 0 : 1;
  }
  const { carryOut } = await import(/* webpackMode: "eager" */ './carry-out.js');
  const { writeReportFiles } = await import(/* webpackMode: "eager" */ './publish/files.js');
  const { afterFate } = await import(/* webpackMode: "eager" */ './database/telling-fate.js');
  const report = await carryOut(settings, options);
  await afterFate(report.subjects[0]?.committed, () => writeReportFiles(settings.files, report, null));
  if (report.isBrokenOff) return 3;
  return report.verdict === 'pass' ? 0 : 1;
}

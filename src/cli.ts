#!/usr/bin/env node
/** The command line: reads its words, does what they say, prints, and ends with the exit code that README.md lists. */
import { systemClock } from './publish/clock.js';
import { describeError } from './publish/describe-error.js';
import { assertWritable, writeReportFiles } from './publish/files.js';
import { hideSecrets, readAddressSecrets, secretForms } from './publish/secrets.js';
import { stopOnSignals } from './publish/stop-on-signals.js';
import { createTerminal } from './publish/terminal.js';
import { printSql, run } from './run.js';
import { readActionInputs } from './settings/action-definition.js';
import { parseSettings } from './settings/parse-settings.js';
import { readArguments } from './settings/read-arguments.js';
import { readVersion } from './settings/read-version.js';
import type { Settings } from './settings/settings.js';

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const stopping = stopOnSignals();
  try {
    const parsed = readArguments(words, { definitions: readActionInputs(), version: readVersion() });
    if (parsed.kind === 'print') {
      process.stdout.write(parsed.text);
      return 0;
    }
    return await execute(parseSettings(parsed.raw), parsed.verbose, stopping.signal);
  } catch (error: unknown) {
    const { text, exitCode } = describeError(error, {
      isVerbose: words.includes('--verbose'),
      detailsAt: '--verbose',
    });
    process.stderr.write(`${hideSecrets(text, secretsIn(words))}\n`);
    return exitCode;
  } finally {
    stopping.dispose();
  }
}

async function execute(settings: Settings, verbose: boolean, signal: AbortSignal): Promise<number> {
  if (settings.command === 'sql') {
    process.stdout.write(await printSql(settings));
    return 0;
  }
  await assertWritable(settings.files);
  const terminal = createTerminal({
    output: process.stdout,
    clock: systemClock,
    verbose,
    environment: process.env,
  });
  try {
    const options = { progress: terminal.progress, signal };
    const report = await run(settings, options);
    terminal.finish(report);
    await writeReportFiles(settings.files, report, null);
    return report.verdict === 'pass' ? 0 : 1;
  } finally {
    terminal.close();
  }
}

/** An address may be anywhere among the words: a mistyped option must not show its password either. */
function secretsIn(words: readonly string[]): readonly string[] {
  return words
    .map((word) => word.replace(/^--[\w-]+=/, ''))
    .filter((word) => word.includes('://') || /password\s*=/i.test(word))
    .flatMap((address) => readAddressSecrets(address))
    .flatMap((secret) => secretForms(secret));
}

#!/usr/bin/env node
/**
 * The command line: reads its words, and prints help and mistakes. What does the rest is a file of its own in `dist`, too, so
 * that they are told at once: reading its five megabytes takes a quarter of a second.
 */
import { tellLostOutput } from './publish/tell-lost-output.js';
import { readActionInputs } from './settings/action-definition.js';
import { type Arguments, readArguments } from './settings/read-arguments.js';
import { readVersion } from './settings/read-version.js';

tellLostOutput(process.stdout, process.stderr);
process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  let read: Arguments;
  try {
    read = readArguments(words, { readDefinitions: readActionInputs, version: readVersion() });
  } catch (error: unknown) {
    const { tellError } = await import(/* webpackMode: "eager" */ './publish/tell-error.js');
    return tellError(error, words);
  }
  if (read.kind === 'print') {
    process.stdout.write(read.text);
    return 0;
  }
  const { doWords } = await import(/* webpackIgnore: true */ './do-words.js');
  return doWords(words, read);
}

/** What a command has shown, in the file of --evidence, for the success criteria of `schema-fix rehearse --evidence FILE`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bundleDigest } from './broken-chat.mjs';

/** Prints the box, writes it down where that is asked for, and sets the exit code. What another command has shown is kept. */
export function keepEvidence({ command, criterion, isMet, shown }) {
  console.log(`${isMet ? '[x]' : '[ ]'} ${criterion}`);
  process.exitCode = isMet ? 0 : 1;
  const { evidence: file } = parseArgs({ options: { evidence: { type: 'string' } } }).values;
  if (file === undefined) return;
  const { commands } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { commands: [] };
  const outcome = isMet ? 'pass' : 'fail';
  const entry = { command, outcome, shown, bundle: bundleDigest, at: new Date().toISOString() };
  const kept = commands.filter((one) => one.command !== command);
  writeFileSync(file, `${JSON.stringify({ formatVersion: 1, commands: [...kept, entry] }, null, 2)}\n`);
}

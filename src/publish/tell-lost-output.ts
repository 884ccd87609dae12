/** What is printed and goes nowhere → one sentence and an exit code of its own, when the process ends. */
import type { EventEmitter } from 'node:events';
import { writeSync } from 'node:fs';
import { whyNotWritten } from '../why-not-written.js';

/** To be told once, at the start. A reader who has seen enough, as `head` has, misses nothing: the verdict stays the exit code. */
export function tellLostOutput(output: EventEmitter, complaints: EventEmitter): void {
  let reason: NodeJS.ErrnoException | null = null;
  output.on('error', (error: NodeJS.ErrnoException) => {
    reason ??= error;
  });
  complaints.on('error', () => undefined);
  process.on('exit', () => {
    if (reason === null || reason.code === 'EPIPE') return;
    process.exitCode = 3;
    say(
      `The output cannot be written: ${sayWhy(reason)}. Make room, or write the report into a file: --json FILE.\n`,
    );
  });
}

function sayWhy({ code = '', message }: NodeJS.ErrnoException): string {
  return code === 'EIO' ? 'its terminal is gone' : (whyNotWritten[code] ?? message);
}

/** At once: nothing that waits is done any more when a process ends. */
function say(sentence: string): void {
  try {
    writeSync(2, sentence);
  } catch {
    // Where neither can be written, the exit code is all there is.
  }
}

/** A file of `before` → its text, piece by piece: unpacked, decoded, with lines that end in `\n`, and without what undoes it. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { openBackup } from '../backup/open-backup.js';
import { UserError } from '../errors.js';
import type { BeforeFile } from '../model.js';
import { assertWhole } from './assert-whole.js';
import { keepUpSections } from './keep-up-sections.js';
import { restoreArchive } from './restore-archive.js';

export type FileOnDisk = BeforeFile & {
  readonly form: Exclude<BeforeFile['form'], { readonly kind: 'database' }>;
};

/** Throws a UserError where the content is not what it should be; whatever was opened is closed when the reader leaves. */
export async function* openText(file: FileOnDisk): AsyncGenerator<string> {
  const text = decode(file.path, openBytes(file));
  // What we wrote ourselves has nothing to be undone, and what a line in it ends with is somebody's.
  if (file.form.kind === 'backup') return yield* text;
  const sections = keepUpSections(file.path, assertWhole(file.path, toLineFeeds(text)));
  yield* file.isDump ? sections : endAtBreakpoints(sections);
}

export async function* openBytes({ path, form }: FileOnDisk): AsyncGenerator<Buffer> {
  if (form.kind === 'archive') return yield* restoreArchive(form.pgRestore, path);
  if (form.kind === 'backup') return yield* openBackup(path, form.key);
  const bytes = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (form.kind === 'plain') return yield* bytes;
  // An error of either ends the reading of the other, and reaches us where we read.
  const unpacked = pipeline(bytes, createGunzip(), () => undefined);
  try {
    yield* unpacked;
  } catch (error: unknown) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${path}: cannot be unpacked: ${reason}. Pack it again with gzip.`, { cause: error });
  }
}

async function* decode(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lines = 1;
  for await (const chunk of chunks) {
    const text = orNotUtf8(path, { chunk, lines }, () => decoder.decode(chunk, { stream: true }));
    lines += countLines(chunk);
    if (text !== '') yield text;
  }
  const rest = orNotUtf8(path, { chunk: Buffer.alloc(0), lines }, () => decoder.decode());
  if (rest !== '') yield rest;
}

function orNotUtf8(
  path: string,
  { chunk, lines }: { chunk: Buffer; lines: number },
  work: () => string,
): string {
  try {
    return work();
  } catch (error: unknown) {
    const line = lines + countLines(chunk.subarray(0, lengthOfUtf8(chunk)));
    throw new UserError(
      `${path}: is not UTF-8 (line ${line}). Save it as UTF-8, for instance with iconv -f latin1 -t utf-8; a dump is made so by pg_dump --encoding=UTF8.`,
      { cause: error },
    );
  }
}

/** How much of it, counted in whole lines, is UTF-8. */
function lengthOfUtf8(bytes: Buffer): number {
  let length = 0;
  for (
    let end = bytes.indexOf(10);
    end >= 0 && isUtf8(bytes.subarray(length, end));
    end = bytes.indexOf(10, length)
  ) {
    length = end + 1;
  }
  return length;
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/**
 * Of a file whose lines all end as on Windows, as its first piece shows. In any other, a carriage return is a part of a value, as `pg_dump --inserts`
 * writes what was typed into a browser. One at the end of a piece waits for what comes next.
 */
async function* toLineFeeds(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  let isOfWindows: boolean | null = null;
  for await (const chunk of chunks) {
    const text = held + chunk;
    if (text.includes('\n')) isOfWindows ??= endsLinesAsWindows(text);
    held = isOfWindows !== false && text.endsWith('\r') ? '\r' : '';
    const whole = held === '' ? text : text.slice(0, -1);
    yield isOfWindows === true ? whole.replaceAll('\r\n', '\n') : whole;
  }
  if (held !== '') yield held;
}

/** Whether every line feed of a file's first piece stands behind a carriage return, and there is one. */
export function endsLinesAsWindows(text: string): boolean {
  return text.includes('\n') && !/(?<!\r)\n/.test(text);
}

const breakpoint = '--> statement-breakpoint';

/** Drizzle ends a statement there, with a semicolon before it or without; where two pieces meet, the semicolon does. */
async function* endAtBreakpoints(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const chunk of chunks) yield chunk.replaceAll(breakpoint, ';');
}

/** A file of SQL or YAML → its text, or a UserError that says why it cannot be read: it is UTF-8, or it is refused. */
import { readFile, stat } from 'node:fs/promises';
import { UserError } from '../errors.js';

/** `shown` is the path that messages show. Lines end in `\n`: Postgres would count the `\r` before it, and editors do not. */
export async function readText(file: string, shown: string): Promise<string> {
  return decodeText(await readBytes(file, shown), shown).replaceAll('\r\n', '\n');
}

async function readBytes(file: string, shown: string): Promise<Uint8Array> {
  try {
    const found = await stat(file);
    // Whoever reads one waits for somebody to write.
    if (!found.isFile() && !found.isDirectory()) throw new UserError(`${shown}: is no file. ${putAFile}`);
    return await readFile(file);
  } catch (error: unknown) {
    if (error instanceof UserError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = reasons[code] ?? `cannot be read: ${error instanceof Error ? error.message : error}.`;
    throw new UserError(`${shown}: ${reason}`, { cause: error });
  }
}

const putAFile = 'Rename it, or put a file in its place.';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file, or it is a link to one that is not there.',
  ENOTDIR: 'there is no such file.',
  EISDIR: `is a folder, not a file. ${putAFile}`,
  EACCES: 'may not be read. Give whoever runs this the permission to read it.',
  EPERM: 'may not be read. Give whoever runs this the permission to read it.',
  ELOOP: 'is a link that leads to itself.',
};

/** Without the mark that some editors put before it. */
export function decodeText(bytes: Uint8Array, shown: string): string {
  const mark = Buffer.from(bytes.subarray(0, 2)).toString('hex');
  if (mark === 'fffe' || mark === 'feff') {
    throw new UserError(`${shown}: is UTF-16, which PowerShell writes by itself. Save it as UTF-8.`);
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    throw new UserError(
      `${shown}:${lineOf(bytes, zero)}: holds a null character, so it is no text in UTF-8. Save it as UTF-8.`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error: unknown) {
    const place = findUndecodable(bytes);
    throw new UserError(
      `${shown}:${lineOf(bytes, place)}: is not UTF-8, perhaps Latin-1 or Windows-1252. Save it as UTF-8.`,
      { cause: error },
    );
  }
}

/** Where the longest beginning that is UTF-8 ends, found by halving; what is cut within a character counts as whole. */
function findUndecodable(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function lineOf(bytes: Uint8Array, place: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < place; at = bytes.indexOf(10, at + 1)) line += 1;
  return line;
}

/** The first bytes of a file → what it is, whatever it is called. Throws a UserError for what cannot be loaded, saying what to do. */
import { open, stat } from 'node:fs/promises';
import { magic } from '../backup/container.js';
import { UserError } from '../errors.js';
import type { BeforeFile } from '../model.js';
import { findPgRestore } from './find-pg-restore.js';
import { endsLinesAsWindows, type FileOnDisk, openBytes, openText } from './open-text.js';

export async function recogniseFile(path: string): Promise<BeforeFile> {
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw new UserError(
      `${path}: is not there, though what lists it (a journal, a plan) names it. Without it nobody knows what the others are run on: give the file, or the address of a database to which they were applied, or a dump of it.`,
    );
  }
  // Its directory form is listed as one file.
  const isFolder = found.isDirectory();
  const bytes = isFolder ? Buffer.alloc(0) : await readHead(path);
  if (isFolder || isArchive(bytes)) {
    return { path, form: { kind: 'archive', pgRestore: await findPgRestore(path) }, isDump: true };
  }
  const form = { kind: startsWith(bytes, '1f8b') ? 'gzip' : 'plain' } as const;
  refuseOtherForms(path, form.kind === 'plain' ? bytes : await readHeadUnpacked(path));
  const text = await readHeadOfText({ path, form, isDump: false });
  if (/^-- (MySQL|MariaDB) dump/m.test(text)) {
    throw new UserError(`${path}: is a dump of MySQL. before takes what Postgres can read.`);
  }
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    throw new UserError(
      `${path}: is a pointer of Git LFS, not the file itself. Fetch that first: git lfs pull; in a workflow, lfs: true of actions/checkout.`,
    );
  }
  if (onlyToBeRead.test(text)) {
    throw new UserError(
      `${path}: is the schema as the dashboard of Supabase copies it, to be read: tables in the order of their names, without policies, functions, triggers and privileges. Give a dump of the project (supabase db dump -f schema.sql, or pg_dump), its folder of migrations, or its address (postgres://…). If you made of it what can be run, take out the WARNING at its beginning.`,
    );
  }
  if (isWrittenByPgDump(text)) return { path, form, isDump: true };
  const hasWindowsLines = endsLinesAsWindows(await readFirstPiece({ path, form, isDump: false }));
  return { path, form, isDump: false, ...(hasWindowsLines && { hasWindowsLines }) };
}

/** Of the file, and of the text at its beginning by which a dump is known. */
const headBytes = 512;
const headCharacters = 16_384;

/** Among the comments at its beginning. */
const onlyToBeRead =
  /^(?:\s*--.*\n)*?\s*--\s*WARNING: This schema is for context only and is not meant to be run/i;

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What gzip packed may be anything, too. */
async function readHeadUnpacked(path: string): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of openBytes({ path, form: { kind: 'gzip' }, isDump: false })) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length >= headBytes) break;
  }
  if (isArchive(bytes)) {
    throw new UserError(`${path}: is an archive of pg_dump, packed with gzip. Unpack it first: gunzip.`);
  }
  return bytes.subarray(0, headBytes);
}

/** As it is in the file. */
async function readFirstPiece(file: FileOnDisk): Promise<string> {
  for await (const chunk of openBytes(file)) return chunk.toString('latin1');
  return '';
}

async function readHeadOfText(file: FileOnDisk): Promise<string> {
  let text = '';
  for await (const chunk of openText(file)) {
    text += chunk;
    if (text.length >= headCharacters) break;
  }
  return text.slice(0, headCharacters);
}

/** pg_dump's custom form, and its tar form, whose first member is the table of contents. */
function isArchive(bytes: Buffer): boolean {
  if (bytes.subarray(0, 5).toString('latin1') === 'PGDMP') return true;
  return isTar(bytes) && bytes.subarray(0, 8).toString('latin1') === 'toc.dat\0';
}

function isTar(bytes: Buffer): boolean {
  return bytes.subarray(257, 262).toString('latin1') === 'ustar';
}

const otherForms: readonly { readonly magic: string; readonly name: string; readonly remedy: string }[] = [
  {
    magic: magic.toString('hex'),
    name: 'an encrypted backup of schema-fix',
    remedy: 'Restore it into an empty database with schema-fix restore, and give the address of that',
  },
  { magic: 'fffe', name: 'UTF-16, not UTF-8', remedy: 'Save it as UTF-8' },
  { magic: 'feff', name: 'UTF-16, not UTF-8', remedy: 'Save it as UTF-8' },
  { magic: '1f8b', name: 'packed with gzip twice', remedy: 'Unpack it once: gunzip' },
  { magic: '28b52ffd', name: 'compressed with zstd', remedy: 'Unpack it first: zstd -d' },
  { magic: '425a68', name: 'compressed with bzip2', remedy: 'Unpack it first: bunzip2' },
  { magic: 'fd377a585a', name: 'compressed with xz', remedy: 'Unpack it first: xz -d' },
  { magic: '504b0304', name: 'a zip archive', remedy: 'Unpack it first' },
  { magic: '53514c69746520', name: 'a database of SQLite', remedy: 'before takes what Postgres can read' },
];

function refuseOtherForms(path: string, bytes: Buffer): void {
  const known = otherForms.find(({ magic }) => startsWith(bytes, magic));
  if (known !== undefined) throw new UserError(`${path}: is ${known.name}. ${known.remedy}.`);
  if (isTar(bytes)) {
    throw new UserError(
      `${path}: is a tar archive of files. Unpack it first, and name what is in it: the dump, or the folder.`,
    );
  }
  if (bytes.includes(0)) {
    throw new UserError(
      `${path}: holds bytes that no text has, so it is neither SQL as UTF-8 nor an archive of pg_dump. Save it as UTF-8, or dump it again.`,
    );
  }
}

function startsWith(bytes: Buffer, magic: string): boolean {
  return bytes.toString('hex').startsWith(magic);
}

/**
 * By the heading that it writes over everything, as the lines of a comment; or, where somebody took that out (`supabase db dump`
 * does), by its settings. What a comment says of it in passing is nobody's heading.
 */
function isWrittenByPgDump(text: string): boolean {
  return (
    /^--\n-- PostgreSQL database (cluster )?dump\n--$/m.test(text) ||
    text.startsWith('-- schema-fix backup 1 ') ||
    /^-- Dumped by pg_dump version \d/m.test(text) ||
    /^SELECT pg_catalog\.set_config\('search_path', '', false\);/m.test(text)
  );
}

/**
 * Where a server's private directory may lie: where `SCHEMA_FIX_TMPDIR` says, else in memory if there is plenty, else where
 * temporary files go.
 */
import { access, constants, statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { JobFailure } from './job.js';

const MEMORY_FOLDER = '/dev/shm';
const PLENTY_BYTES = 4 * 1024 ** 3;

/** Postgres refuses socket paths of 107 bytes or more (103 on macOS); the rest is our own folder and the socket's name. */
const LONGEST_PARENT = 60;

/** All that are in use by this or another run. */
export function listDirectoryParents(): string[] {
  const { SCHEMA_FIX_TMPDIR: chosen } = process.env;
  if (chosen) return [chosen];
  return process.platform === 'linux' ? [MEMORY_FOLDER, getDiskFolder()] : [getDiskFolder()];
}

export async function chooseDirectoryParent(): Promise<string> {
  const { SCHEMA_FIX_TMPDIR: chosen } = process.env;
  if (chosen && process.platform !== 'win32' && chosen.length > LONGEST_PARENT) {
    throw new JobFailure(
      `SCHEMA_FIX_TMPDIR is too long for a socket: ${LONGEST_PARENT} characters is the most`,
    );
  }
  if (chosen) return chosen;
  return (await hasPlentyOfMemory()) ? MEMORY_FOLDER : getDiskFolder();
}

function getDiskFolder(): string {
  const folder = tmpdir();
  return process.platform === 'win32' || folder.length <= LONGEST_PARENT ? folder : '/tmp';
}

/** What lies in `/dev/shm` counts as memory in use, also against a container's limit. */
async function hasPlentyOfMemory(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  if (Math.min(freemem(), limit) < PLENTY_BYTES) return false;
  try {
    await access(MEMORY_FOLDER, constants.W_OK);
    const { bavail, bsize } = await statfs(MEMORY_FOLDER);
    return bavail * bsize >= PLENTY_BYTES;
  } catch {
    return false; // Not every container has it.
  }
}

/** The file of `evidence`, in which commands beside a rehearsal wrote down what they have shown. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../errors.js';
import type { CommandResult } from '../model.js';
import { commandResult } from '../report/report-schema.js';

const evidenceFile = z.strictObject({ formatVersion: z.literal(1), commands: z.array(commandResult) });

const remedy = 'Have it written by npm run realtime -- --evidence FILE, or leave evidence out.';

/** Throws a UserError where it is no such file. */
export async function readEvidence(file: string): Promise<CommandResult[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error: unknown) {
    throw new UserError(`evidence: ${file} cannot be read: ${(error as Error).message}. ${remedy}`, {
      cause: error,
    });
  }
  try {
    return evidenceFile.parse(JSON.parse(text)).commands;
  } catch (error: unknown) {
    throw new UserError(`evidence: ${file} is no evidence of this version of schema-fix. ${remedy}`, {
      cause: error,
    });
  }
}

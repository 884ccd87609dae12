/** A plan as a file, to be approved and deployed by. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../errors.js';
import type { DeploymentPlan } from '../model.js';
import { unwritable, writeFileOf } from './files.js';

const planFile = z.strictObject({
  formatVersion: z.literal(2),
  plannedAt: z.string(),
  bundle: z.strictObject({ title: z.string(), digest: z.string() }),
  sections: z.array(z.number()),
  settings: z.array(z.strictObject({ name: z.string(), value: z.union([z.string(), z.array(z.string())]) })),
  target: z.strictObject({
    place: z.string(),
    system: z.string().nullable(),
    database: z.string(),
    role: z.string(),
  }),
  catalog: z.record(z.string(), z.string()),
  changes: z.array(
    z.strictObject({
      object: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
});

/** Beside the catalog a plan has what of it changes, as it was and as it is to be. */
const partsOfCatalog = 3;

/**
 * Throws a UserError (exit code 3) where the disk has no room for a plan of this catalog: it is found out before anybody is kept
 * waiting for it. What the file holds stays.
 */
export async function assertRoomForPlan(file: string, catalog: ReadonlyMap<string, string>): Promise<void> {
  const there = await stat(file).catch(() => null);
  if (there !== null && !there.isFile()) return;
  const held = `${file}.held-${process.pid}`;
  const { length } = Buffer.from(JSON.stringify(Object.fromEntries(catalog)));
  try {
    await writeFile(held, Buffer.alloc(length * partsOfCatalog));
  } catch (error: unknown) {
    throw new UserError(unwritable('plan-out', file, error), { exitCode: 3, cause: error });
  } finally {
    await rm(held, { force: true });
  }
}

export async function writePlan(file: string, plan: DeploymentPlan): Promise<void> {
  await writeFileOf('plan-out', file, `${JSON.stringify(plan, null, 2)}\n`);
}

/** Throws a UserError where it is no whole plan. */
export async function readPlan(file: string): Promise<DeploymentPlan> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error: unknown) {
    throw new UserError(
      `plan: ${file} cannot be read: ${(error as Error).message}. Make one with schema-fix plan --plan-out FILE.`,
      { cause: error },
    );
  }
  try {
    return planFile.parse(JSON.parse(text));
  } catch (error: unknown) {
    throw new UserError(
      `plan: ${file} is no plan of this version of schema-fix, or not a whole one. Make one with schema-fix plan --plan-out FILE.`,
      { cause: error },
    );
  }
}

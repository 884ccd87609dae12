/** The people of a generated database, by name; a person's id follows from the name. */
import { createHash } from 'node:crypto';

/** The last one is in no room: nobody may show her anything. */
export const people = ['ann', 'ben', 'cara', 'dan', 'eve', 'stranger'] as const;
export type Person = (typeof people)[number];

export const stranger: Person = 'stranger';

export function idOf(name: string): string {
  const digest = createHash('md5').update(name).digest('hex');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

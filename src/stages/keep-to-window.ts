/** When somebody's database may be worked on: asked before each attempt and once more before the commit. */
import { UserError } from '../errors.js';
import type { TargetSettings } from '../settings/settings.js';

export type Window = TargetSettings['window'];

/** Throws a UserError outside of the window, by this machine's clock; what is under way is then rolled back. */
export function assertWithin({ notBefore, notAfter }: Window, now: Date): void {
  if (notBefore !== null && now < notBefore) {
    throw new UserError(
      `not-before: it is ${now.toISOString()}, and nothing may begin before ${notBefore.toISOString()}. Start it again then.`,
      { exitCode: 3 },
    );
  }
  if (notAfter !== null && now > notAfter) {
    throw new UserError(
      `not-after: it is ${now.toISOString()}, and nothing may be committed after ${notAfter.toISOString()}. The database is as it was. Start it again in the next window.`,
      { exitCode: 3 },
    );
  }
}

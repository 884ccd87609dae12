/** Takes whose comment it is and which run wrote it; gives the hidden first line by which the comment is found again. */
import { z } from 'zod';
import type { RunOrder } from '../../settings/github/github-context.js';

export interface Marker extends RunOrder {
  /** `comment-key`, which tells the comments of several jobs apart. */
  readonly key: string;
  readonly workflow: string;
  readonly runId: number;
}

const opening = '<!-- schema-fix-action ';
const closing = ' -->';

const shape = z.object({
  key: z.string(),
  workflow: z.string(),
  runId: z.number().int(),
  runNumber: z.number().int(),
  attempt: z.number().int(),
});

export function renderMarker({ key, workflow, runId, runNumber, attempt }: Marker): string {
  const json = JSON.stringify({ key, workflow, runId, runNumber, attempt });
  // A key could hold `-->`, which would end the comment early.
  return opening + json.replace(/[<>]/g, (sign) => (sign === '<' ? '\\u003c' : '\\u003e')) + closing;
}

/** Only the very first line counts: what stands further down may come from a database. */
export function parseMarker(body: string): Marker | null {
  const [line = ''] = body.split(/\r?\n/, 1);
  if (!line.startsWith(opening) || !line.endsWith(closing)) {
    return null;
  }
  try {
    const parsed = shape.safeParse(JSON.parse(line.slice(opening.length, -closing.length)));
    return parsed.success ? parsed.data : null;
  } catch (error: unknown) {
    if (error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
}

/** Whether two markers are of the same comment, whichever runs wrote them. */
export function isSameComment(one: Marker, other: Marker): boolean {
  return one.key === other.key && one.workflow === other.workflow;
}

export function isNewer(one: RunOrder, than: RunOrder): boolean {
  return one.runNumber === than.runNumber ? one.attempt > than.attempt : one.runNumber > than.runNumber;
}

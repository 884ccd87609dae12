/** How long a server takes to answer → what that comes to while the tables are locked. */
import { count } from '../counted.js';
import type { Session } from '../database/with-session.js';
import type { Bundle, Finding } from '../model.js';

/** Milliseconds of the quickest of a few answers. */
export async function measureRoundTrip(session: Session): Promise<number> {
  let quickest = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 5; turn += 1) {
    const askedAt = performance.now();
    await session.query('select');
    quickest = Math.min(quickest, performance.now() - askedAt);
  }
  return quickest;
}

/** Milliseconds: a server in the same region answers sooner. */
const far = 20;

/** For so many answers the engine waits for a section, with the proofs, and for a step of a scenario: counted with the chat schema fix. */
const awaited = { perSection: 42, perStep: 0.7 };

export function describeDistance(
  milliseconds: number,
  { sections, scenarios }: Pick<Bundle, 'sections' | 'scenarios'>,
): Finding[] {
  if (milliseconds < far) return [];
  const steps = scenarios.flatMap((scenario) => scenario.steps).length;
  const times = Math.ceil((awaited.perSection * sections.length + awaited.perStep * steps) / 10) * 10;
  const seconds = Math.ceil((times * milliseconds) / 1000);
  return [
    {
      severity: 'warning',
      what: `The server is far away: it takes ${Math.round(milliseconds)} ms to answer, and is waited for some ${count(times)} times while the tables are locked. The way alone may take ${count(seconds)} s, in which writers wait.`,
      remedy:
        'Run it in the region of the database. A plan says how long the locks are held from where it is run.',
    },
  ];
}

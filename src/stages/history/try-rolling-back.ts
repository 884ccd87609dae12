/** The last deployment to a database of our own, rolled back → what came of it; where something is in the way, as if it never was. */
import type { Session } from '../../database/with-session.js';
import { withSavepoint } from '../../database/with-transaction.js';
import type { TargetIdentity } from '../../model.js';
import { type Choices, choiceOf, noChoice, type Obstacle } from './obstacle.js';
import { type Rollback, rollBackLast } from './roll-back-target.js';

export type RolledBackLast = Omit<Rollback, 'isKept'>;

class InTheWay extends Error {
  constructor(readonly found: RolledBackLast) {
    super('something stands in the way');
  }
}

/** `hold` keeps what the work did, or undoes it where it throws: a transaction or a savepoint. */
export async function tryRollingBack(
  session: Session,
  hold: <T>(session: Session, work: () => Promise<T>) => Promise<T>,
  { identity, choices }: { readonly identity: TargetIdentity; readonly choices: Choices },
): Promise<RolledBackLast> {
  try {
    return await hold(session, async () => {
      const found = await rollBackLast(session, identity, choices);
      if (found.obstacles.length > 0) throw new InTheWay(found);
      return found;
    });
  } catch (error: unknown) {
    if (error instanceof InTheWay) return error.found;
    throw error;
  }
}

/** Within the open transaction, as its user would: what stands in the way is read, and chosen about where it can be. */
export async function rollBackChoosing(
  session: Session,
  identity: TargetIdentity,
  choices = noChoice,
): Promise<{ readonly found: RolledBackLast; readonly choices: Choices }> {
  const found = await tryRollingBack(session, withSavepoint, { identity, choices });
  const next = chooseMore(choices, found.obstacles);
  return next === null ? { found, choices } : rollBackChoosing(session, identity, next);
}

/** null: there is nothing in the way, nothing more to choose, or something about which nobody can. */
function chooseMore(choices: Choices, obstacles: readonly Obstacle[]): Choices | null {
  const asked = obstacles.map(({ kind }) => choiceOf(kind));
  const wanted = asked.filter((choice) => choice !== null);
  if (wanted.length < asked.length || wanted.every((choice) => choices[choice])) return null;
  return { ...choices, ...Object.fromEntries(wanted.map((choice) => [choice, true])) };
}

/** A table or view as one role may touch it, and people of that role → what the server answered to each verb that they tried. */

import { isDatabaseError } from '../../database/database-error.js';
import { runBlock } from '../../database/run-block.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import { canceled, limitTime } from './limit-time.js';
import type { ObserveOptions } from './observe.js';
import type { Person } from './people.js';
import type { Answer, Relation, Verb } from './relation.js';
import { writeTrial } from './write-trial.js';

export interface Trial extends Pick<ObserveOptions, 'clientSettings' | 'longest'> {
  /** Whether rows without an id are not read. */
  readonly isSampled: boolean;
  readonly verbs: readonly Verb[];
  readonly people: readonly Person[];
  /** Where the rows lie; none where they are told by what they say. */
  readonly ids: readonly string[];
  readonly copies: readonly string[];
  /** Places in `copies`, for each person. */
  readonly choices: readonly (readonly number[])[];
}

type Answers = Partial<Record<Verb, Answer>>;

/** Where time runs out between two tries, or while their answers are sent, all of them are given up. */
export async function tryOut(
  session: Session,
  relation: Relation,
  trial: Trial,
): Promise<readonly Answers[]> {
  try {
    return await tryOnServer(session, relation, trial);
  } catch (error: unknown) {
    if (trial.longest === undefined || !isDatabaseError(error) || error.code !== canceled) throw error;
    const message = 'all tries together took too long';
    const answers = Object.fromEntries(trial.verbs.map((verb) => [verb, { sqlstate: canceled, message }]));
    return trial.people.map(() => answers);
  }
}

async function tryOnServer(session: Session, relation: Relation, trial: Trial): Promise<readonly Answers[]> {
  const people = trial.people.map(({ settings }, index) => ({
    settings,
    copies: trial.choices[index]?.map((place) => place + 1) ?? [],
  }));
  return withSavepointRollback(session, async () => {
    if (trial.longest !== undefined) await limitTime(session, trial.longest);
    // What a commit would refuse is refused: a fix may leave its transaction so, or not.
    await session.query('set constraints all immediate');
    if (trial.clientSettings !== undefined) await setAsClient(session, trial.clientSettings);
    const { ids, copies } = trial;
    const block = writeTrial(relation, trial.verbs, { ofIdsAlone: trial.isSampled });
    return runBlock<Answers>(session, block, { people, ids, copies });
  });
}

/** Functions that were called before are planned again, as for a client who sets it first. */
async function setAsClient(session: Session, settings: Readonly<Record<string, string>>): Promise<void> {
  await session.query('discard plans');
  await session.query(
    `select pg_catalog.set_config(s.key, s.value, true)
     from pg_catalog.jsonb_each_text($1::pg_catalog.jsonb) as s
     -- Some servers do not know all of them.
     where pg_catalog.current_setting(s.key, true) is not null`,
    [JSON.stringify(settings)],
  );
}

/** What users do in the bundle's scenarios, done in the open transaction and kept: an application in use after a deployment. */
import { takeBack } from '../database/own-session.js';
import type { Part } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import type { Bundle } from '../model.js';
import { endTemporary, noteTemporary } from './end-temporary.js';
import { prepareScenarios } from './run-scenarios.js';
import { keepingOf } from './run-step.js';
import { takeSteps } from './take-steps.js';

/** So many statements of users write rows of every kind; each costs a moment. */
const most = 40;

/** Returns why nobody could do anything, or what cannot be ended of it, or null. What is refused is undone, and the next goes on. */
export async function useApplication(session: Session, bundle: Bundle): Promise<string | null> {
  const known = await noteTemporary(session);
  const doubt = await prepareScenarios(session, bundle);
  if (doubt !== null) return doubt;
  const turns = bundle.scenarios.flatMap(({ file, steps }) =>
    steps
      // What users are refused leaves nothing.
      .filter(({ expectation }) => expectation.kind !== 'refused' && expectation.kind !== 'error')
      .map((step) => ({ file, step })),
  );
  let ahead: readonly Part[] = [];
  for (const { file, step } of turns.slice(0, most)) {
    const taken = await takeSteps(session, bundle, { path: file.path, steps: [step], ahead });
    ahead = [...taken.values()].flatMap(({ done }) => keepingOf(step, done));
  }
  await takeBack(session);
  // A view that the setup left would keep the columns that it shows from getting their types back.
  return (await endTemporary(session, known))?.message ?? null;
}

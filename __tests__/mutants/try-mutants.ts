/** Mutants of the chat fix → for each the parts of the suite that caught it; none for one that survives. */
import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import { chooseStates } from '../../src/bundle/choose-states.js';
import type { ThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import type { Bundle, State } from '../../src/model.js';
import { meant } from '../support/chat/meant.js';
import { rehearseChat } from '../support/chat/rehearse-chat.js';
import { playRace } from '../support/races/race.js';
import { races } from '../support/races/races.js';
import { withPlatformDatabases } from '../support/server.js';
import { listCatches } from './catches.js';
import { type Mutant, mutateEach, type RaceMutant, type StateMutant } from './mutant.js';
import { tryDecisions } from './try-decisions.js';

export interface Trial {
  readonly mutant: Mutant;
  /** The state or race that showed it, or the last one tried; or that a database of its own did. */
  readonly scene: string;
  readonly catches: readonly string[];
}

/** A state, and what the fix as it is changes outside and takes from people: a mutant is caught by what it does besides. */
interface Ground {
  readonly state: State;
  readonly touchedAnyway: readonly string[];
  readonly rightsAnyway: readonly string[];
}

/** Throws for a mutant whose text is not in its section any more, and for a state that the fix itself does not pass. */
export async function tryMutants(
  whole: Bundle,
  mutants: readonly Mutant[],
  onTrial: (trial: Trial) => void,
): Promise<Trial[]> {
  const mutated = mutateEach(whole, mutants);
  const limit = pLimit(Math.max(2, availableParallelism()));
  return withPlatformDatabases(whole.platforms, (databases) => {
    const findGround = rememberGrounds(databases, whole);
    return limit.map(mutated, async ({ mutant, bundle }) => {
      const trial =
        'race' in mutant
          ? await tryInRace(databases, bundle, mutant)
          : 'database' in mutant
            ? await tryDecisions(databases, { whole, mutated: bundle }, mutant)
            : await tryOnStates(databases, bundle, mutant, findGround);
      onTrial(trial);
      return trial;
    });
  });
}

async function tryOnStates(
  databases: ThrowawayDatabases,
  bundle: Bundle,
  mutant: StateMutant,
  findGround: (number: number) => Promise<Ground>,
): Promise<Trial> {
  let trial: Trial = { mutant, scene: 'no state', catches: [] };
  for (const number of mutant.states) {
    const { state, touchedAnyway, rightsAnyway } = await findGround(number);
    const rehearsal = await rehearseChat(databases, bundle, state);
    const touched = rehearsal.touched.filter((object) => !touchedAnyway.includes(object));
    const rights = rehearsal.rights.filter((right) => !rightsAnyway.includes(right));
    trial = { mutant, scene: state.name, catches: listCatches({ ...rehearsal, touched, rights }) };
    if (trial.catches.length > 0) break;
  }
  return trial;
}

async function tryInRace(databases: ThrowawayDatabases, bundle: Bundle, mutant: RaceMutant): Promise<Trial> {
  const race = races.find(({ name }) => name === mutant.race);
  if (race === undefined) throw new Error(`there is no race "${mutant.race}"`);
  const isRight = isDeepStrictEqual(await playRace(databases, bundle, race), race.expected);
  return { mutant, scene: race.name, catches: isRight ? [] : ['race'] };
}

/** Each state is prepared once, however many mutants it is to show. */
function rememberGrounds(databases: ThrowawayDatabases, bundle: Bundle) {
  const grounds = new Map<number, Promise<Ground>>();
  return (number: number): Promise<Ground> => {
    const ground = grounds.get(number) ?? prepareGround(databases, bundle, number);
    grounds.set(number, ground);
    return ground;
  };
}

async function prepareGround(databases: ThrowawayDatabases, bundle: Bundle, number: number): Promise<Ground> {
  const [state] = chooseStates(bundle.states, { names: [String(number)], shard: null }) as [State];
  const rehearsal = await rehearseChat(databases, bundle, state);
  const words = meant[state.name];
  const rightsAnyway = words === undefined ? [] : rehearsal.rights.filter((right) => right.includes(words));
  const rights = rehearsal.rights.filter((right) => !rightsAnyway.includes(right));
  const catches = listCatches({ ...rehearsal, touched: [], rights });
  if (catches.length > 0) throw new Error(`the fix itself fails ${state.name}: ${catches.join(', ')}`);
  return { state, touchedAnyway: rehearsal.touched, rightsAnyway };
}

/** What somebody asked to rehearse → the states, in the bundle's order. */
import { UserError } from '../errors.js';
import type { Shard, State } from '../model.js';

export interface StateChoice {
  /** Names, numbers or beginnings of names; null: all. */
  readonly names: readonly string[] | null;
  /** From 1; null: all. */
  readonly shard: Shard | null;
}

/** Throws a UserError for a name that fits no state, and where nothing is left to rehearse. */
export function chooseStates(states: readonly State[], { names, shard }: StateChoice): State[] {
  if (states.length === 0)
    throw new UserError('states/: holds no state. Add a starting database, or give --before.');
  const unknown = (names ?? []).filter((name) => !states.some((state) => fits(state, name)));
  if (unknown.length > 0) {
    const known = states.map((state) => `  ${state.name}`).join('\n');
    throw new UserError(`states: no state is called ${unknown.join(', ')}. There are:\n${known}`);
  }
  const chosen = states.filter((state) => names === null || names.some((name) => fits(state, name)));
  if (shard === null) return chosen;
  // Neighbours are alike, so dealing them out like cards gives every shard some of each kind.
  const dealt = chosen.filter((_, index) => index % shard.count === shard.index - 1);
  if (dealt.length > 0) return dealt;
  throw new UserError(
    `shard: ${shard.index}/${shard.count} holds no state; there are only ${chosen.length}. Use fewer shards.`,
  );
}

/** `7`, `07`, `07_messages` and the whole name all mean `07_messages_keyed_to_rooms`. */
function fits(state: State, name: string): boolean {
  const [number = '', title = ''] = state.name.split(/_(.*)/, 2);
  if (/^\d{1,3}$/.test(name)) return Number(number) === Number(name);
  return state.name.startsWith(name) || title.startsWith(name);
}

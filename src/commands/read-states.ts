/** Takes the settings of a rehearsal and gives its states, and how much is to be done with them. */
import { chooseStates } from '../bundle/choose-states.js';
import type { Bundle, Dealt, NamedByBundle, Report, State } from '../model.js';
import type { RehearseSettings } from '../settings/settings.js';

export async function readStates(bundle: Bundle, settings: RehearseSettings): Promise<State[]> {
  if (settings.before.length > 0) {
    const { loadBefore } = await import(/* webpackMode: "eager" */ '../before/load-before.js');
    const state = await loadBefore(settings.before, settings.rows);
    return [
      settings.platform === null ? state : { ...state, platform: bundle.platforms.at(-1)?.name ?? null },
    ];
  }
  return chooseStates(bundle.states, { names: settings.states, shard: settings.shard });
}

export function countStates(bundle: Bundle, { states: names, before }: RehearseSettings): Report['states'] {
  if (before.length > 0) return undefined;
  const chosen = chooseStates(bundle.states, { names, shard: null });
  return { chosen: chosen.length, ofBundle: bundle.states.length };
}

export function dealOut(
  bundle: Bundle,
  { states: names, before }: RehearseSettings,
  { isWholeFix, named }: { readonly isWholeFix: boolean; readonly named: readonly NamedByBundle[] },
): Dealt {
  const states = chooseStates(bundle.states, { names, shard: null });
  const isWhole = isWholeFix && states.length === bundle.states.length && before.length === 0;
  return {
    ...(isWhole ? { named } : {}),
    states: states.map(({ name }) => name),
    ...sizeOf(bundle, states, isWholeFix),
  };
}

/** A state that must be refused has no checks and scenarios to pass; a part of the fix is not tried out as a user. */
export function sizeOf(bundle: Bundle, states: readonly State[], isWholeFix: boolean) {
  const repaired = states.filter(({ expectation }) => expectation.kind === 'pass').length;
  return {
    subjects: states.length,
    checks: repaired * bundle.checks.length,
    scenarios: isWholeFix ? repaired * bundle.scenarios.length : 0,
  };
}

/** A step's actor → what makes the session the role, claims and settings that the server of the application would have set for that user's request. */
import type { Actor } from '../model.js';
import { quoteIdentifier, quoteLiteral } from './quote.js';

/** As a savepoint begins, which undoes the change of role too. */
export const beginAs = (actor: Actor | null): string =>
  `savepoint step; ${setClaims(actor)}; ${become(actor)}`;

/** Within a control, whose claims are the actor's already. */
export const become = (actor: Actor | null): string =>
  actor === null ? 'reset role' : `set local role ${quoteIdentifier(actor.role)}`;

/** The deployer again, without claims. What the actor deferred is checked first: there is no commit that would do it. */
export const endAct = (actor: Actor | null): string =>
  `set constraints all immediate; ${becomeDeployer}; ${forget(actor)}`;

/** What the actor did is undone; the deployer is to do the same, as if the actor's token had come with it. */
export const beginControl = (actor: Actor | null): string =>
  `rollback to savepoint step; ${setClaims(actor)}; reset role`;

/** A search path as the data API sets it: triggers and functions of an application may rely on it, and are tried as they would run. */
export const apiSearchPath = 'public, extensions';

function setClaims(actor: Actor | null): string {
  if (actor === null) return set({ 'request.jwt.claims': '' });
  const claims = JSON.stringify({ role: actor.role, ...actor.claims });
  return set({ search_path: apiSearchPath, 'request.jwt.claims': claims, ...actor.session });
}

/** As the next transaction on a connection finds what was set in one before. */
function forget(actor: Actor | null): string {
  return set(Object.fromEntries(Object.keys(actor?.session ?? {}).map((key) => [key, ''])));
}

function set(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `select pg_catalog.set_config(${quoteLiteral(key)}, ${quoteLiteral(value)}, true)`)
    .join('; ');
}

/** An actor may have set a `search_path` to deceive somebody; the next one does not inherit it. */
const becomeDeployer = `reset role; ${setClaims(null)}; set local search_path = ''`;

/** The deployer again, with nothing done since the step began. */
export const undoAct = `rollback to savepoint step; ${becomeDeployer}`;

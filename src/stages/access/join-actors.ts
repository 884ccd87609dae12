/** Those who are in the data, and the actors → the same people, each once: an actor whose account is there is that account. */
import type { Person } from './people.js';

const claimsKey = 'request.jwt.claims';

/** They bear the token that the account has, and are tried whoever else is left out. Who claims what the account does not is tried beside it. */
export function joinActors(inData: readonly Person[], actors: readonly Person[]): Person[] {
  const isThere = (actor: Person) => inData.some((account) => isOf(actor, account));
  return [
    ...inData.map((account) => ({
      ...account,
      kind: actors.some((actor) => isOf(actor, account)) ? ('actor' as const) : account.kind,
    })),
    ...actors.filter((actor) => !isThere(actor)),
  ];
}

function isOf(actor: Person, account: Person): boolean {
  if (actor.name !== account.name || actor.role !== account.role) return false;
  const claims = readClaims(account);
  const areClaimed = Object.entries(readClaims(actor)).every(
    ([claim, value]) => JSON.stringify(claims[claim]) === JSON.stringify(value),
  );
  return areClaimed && settingsOf(actor) === settingsOf(account);
}

function readClaims({ settings }: Person): Readonly<Record<string, unknown>> {
  return JSON.parse(settings[claimsKey] ?? '{}') as Record<string, unknown>;
}

/** A blank one says of a request what none does. */
function settingsOf({ settings }: Person): string {
  const made = Object.entries(settings).filter(([key, value]) => key !== claimsKey && value !== '');
  return JSON.stringify(made.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Functions with their definer's rights, before and after → who may call one that is new, another or out of reach, and that is not declared, a sentence each. */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import type { Access } from '../../model.js';
import { type Declared, declaredIn, isNamedIn } from '../preservation/declared-names.js';

/** A function with its definer's rights, and one role that may call it. */
export interface DefinerFunction {
  readonly name: string;
  readonly signature: string;
  /** `public`: everybody. */
  readonly role: string;
  /** Whether it may do so by the function's name; otherwise something else may do so for it. */
  readonly isNamed: boolean;
  readonly definition: string;
}

export async function listFunctions(session: Session, roles: readonly string[]): Promise<DefinerFunction[]> {
  const { rows } = await session.query<DefinerFunction>(engineSql('access_functions'), [roles]);
  return rows;
}

export interface Functions {
  readonly before: readonly DefinerFunction[];
  readonly after: readonly DefinerFunction[];
  /** The roles of the API. */
  readonly tried: readonly string[];
  readonly access: Pick<Access, 'functions'>;
  readonly declared: Declared;
}

const everybody = 'public';

export function compareFunctions(functions: Functions): string[] {
  return [
    ...newFunctions(functions),
    ...openedToOthers(functions),
    ...openedBeyondTheApi(functions),
    ...lostFunctions(functions),
  ];
}

function newFunctions({ before, after, access: { functions } }: Functions): string[] {
  const isKnown = (now: DefinerFunction) =>
    before.some(
      (then) =>
        then.signature === now.signature &&
        then.role === now.role &&
        then.definition === now.definition &&
        // Whoever may call it by its name may have it called by something else.
        (then.isNamed || !now.isNamed),
    );
  const arrived = after.filter((one) => one.role !== everybody && !isKnown(one));
  // A name says which function is meant as long as there is one.
  const isOneOfSeveral = ({ name, signature }: DefinerFunction) =>
    arrived.some((other) => other.name === name && other.signature !== signature);
  const isDeclared = (one: DefinerFunction) =>
    functions.includes(one.signature) || (functions.includes(one.name) && !isOneOfSeveral(one));
  const added = arrived.filter((one) => !isDeclared(one));
  return [...new Set(added.map(({ signature }) => signature))].map((signature) => {
    const callers = added.filter((one) => one.signature === signature).map(({ role }) => role);
    const isNew = !before.some((one) => one.signature === signature);
    return `${callers.join(' and ')} may call ${signature}, which reads with its owner's rights and is ${isNew ? 'new' : 'another than before'}: declare it under access.functions of bundle.yml${added.some((one) => one.signature === signature && functions.includes(one.name)) ? ', with its arguments, because others have its name' : ''}`;
  });
}

function lostFunctions({ before, after, access: { functions } }: Functions): string[] {
  const known = new Set(
    after.filter(({ isNamed }) => isNamed).map(({ signature, role }) => `${signature} ${role}`),
  );
  const lost = before.filter(
    ({ name, signature, role, isNamed }) =>
      isNamed &&
      !known.has(`${signature} ${role}`) &&
      !functions.includes(name) &&
      !functions.includes(signature),
  );
  return [...new Set(lost.map(({ signature }) => signature))].map((signature) => {
    const callers = lost.filter((one) => one.signature === signature).map(({ role }) => role);
    return `${callers.join(' and ')} may no longer call ${signature}: grant it again, or declare it under access.functions of bundle.yml`;
  });
}

/** That a function is declared, because it says something else, does not say that others of the API may call it than those who could. */
function openedToOthers({ before, after, tried, access: { functions }, declared }: Functions): string[] {
  const isAllowed = declaredIn(declared);
  return after
    .filter(({ name, signature, role, isNamed }) => {
      const then = before.filter((one) => one.signature === signature && one.isNamed);
      return (
        isNamed &&
        tried.includes(role) &&
        (functions.includes(name) || functions.includes(signature)) &&
        then.length > 0 &&
        !then.some((one) => one.role === role || one.role === everybody) &&
        !isAllowed(`privilege EXECUTE of ${role} on function ${name}`)
      );
    })
    .map(
      ({ name, signature, role }) =>
        `${role} may call ${signature}, which it could not, and which reads with its owner's rights: revoke it, or declare privilege EXECUTE of ${role} on function ${name} under changes of bundle.yml`,
    );
}

/** That a function is declared says nothing of those who are no role of the API. */
function openedBeyondTheApi({ before, after, tried, access: { functions }, declared }: Functions): string[] {
  const privilegeOf = ({ role, name }: DefinerFunction) => `privilege EXECUTE of ${role} on function ${name}`;
  const opened = after.filter(
    (one) =>
      !tried.includes(one.role) &&
      (one.role === everybody || functions.includes(one.name) || functions.includes(one.signature)) &&
      !isNamedIn(declared, privilegeOf(one)) &&
      !before.some(({ signature, role }) => signature === one.signature && role === one.role),
  );
  return opened.map((one) => {
    const caller = one.role === everybody ? 'everybody (PUBLIC)' : one.role;
    return `${caller} may call ${one.signature}, which reads with its owner's rights, and access.functions speaks of roles of the API alone: revoke it, or declare ${privilegeOf(one)} under changes of bundle.yml`;
  });
}

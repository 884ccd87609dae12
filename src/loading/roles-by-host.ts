/** A role or membership that the deployer may not make → made by the host, where nobody gets more by it than files have. */
import { firstTokens } from '../before/statement-words.js';
import { isRoleOfPlatform } from './host.js';
import { isRun } from './is-run.js';
import type { LoadContext } from './load-context.js';
import { readTokens, type TokenReader } from './token-reader.js';
import { hostCall } from './with-host.js';

/** False: it says more than is understood here, or is of roles that no file makes. */
export async function isRoleByHost(
  { runner, ledger, isSupabase }: Pick<LoadContext, 'runner' | 'ledger' | 'isSupabase'>,
  statement: string,
): Promise<boolean> {
  const reader = readTokens(firstTokens(statement));
  const verb = reader.word() ?? '';
  const asked: Asked = { reader, verb, isKept: (role) => isRoleOfPlatform(role, { isSupabase }) };
  const calls = verb === 'grant' || verb === 'revoke' ? readMembership(asked, statement) : readRole(asked);
  if (calls === null || !(await isRun(() => runner.run(calls.calls.join('; '))))) return false;
  if (calls.made !== null) ledger.madeRoles.add(calls.made);
  return true;
}

interface Asked {
  /** Behind the verb. */
  readonly reader: TokenReader;
  readonly verb: string;
  /** Whether the role is none of a file's. */
  readonly isKept: (role: string) => boolean;
}

interface Calls {
  readonly calls: readonly string[];
  /** The role that is new. */
  readonly made: string | null;
}

/** What it may do with the whole server is not among them; nobody logs in, so how is of no account. */
const harmless = [
  'login',
  'nologin',
  'nosuperuser',
  'nocreatedb',
  'nocreaterole',
  'noreplication',
  'nobypassrls',
];

function readRole({ reader, verb, isKept }: Asked): Calls | null {
  const isNew = verb === 'create';
  if (!isNew && verb !== 'alter') return null;
  if (reader.take('role', 'user', 'group') === null) return null;
  const [role] = reader.name();
  if (role === undefined || isKept(role)) return null;
  reader.take('with');
  let inherits: boolean | null = isNew ? true : null;
  const memberships: string[] = [];
  while (!reader.isAtEnd()) {
    const option = reader.word();
    if (option === null) return null;
    if (option === 'inherit' || option === 'noinherit') inherits = option === 'inherit';
    else if (isNew && option === 'in' && reader.take('role', 'group') !== null) {
      const granted = namesOf(reader);
      if (granted.some(isKept)) return null;
      memberships.push(...granted.map((name) => give(name, role)));
    } else if (isNew && ['role', 'user', 'admin'].includes(option)) {
      const options = option === 'admin' ? ['admin option'] : [];
      memberships.push(...namesOf(reader).map((member) => give(role, member, options)));
    } else if (!harmless.includes(option) && !isPassword(option, reader)) return null;
  }
  const made = isNew ? hostCall('make_role', role, inherits) : hostCall('set_inherit', role, inherits);
  const calls = inherits === null ? [hostCall('assert_of_project', role)] : [made];
  return { calls: [...calls, ...memberships], made: isNew ? role : null };
}

/** `encrypted` stands before a password alone. */
function isPassword(option: string, reader: TokenReader): boolean {
  if (option === 'encrypted') return reader.isAt('password');
  if (option !== 'password' && !(option === 'valid' && reader.take('until') !== null)) return false;
  return reader.string() !== null || reader.take('null') !== null;
}

/** Who granted it is nobody's here. */
function readMembership({ reader, verb, isKept }: Asked, statement: string): Calls | null {
  const granted = namesOf(reader);
  if (granted.length === 0 || granted.some(isKept) || reader.take('to', 'from') === null) return null;
  const members = namesOf(reader);
  const isGiven = verb === 'grant';
  const [, options = ''] =
    /\bwith\s+((?:(?:admin|inherit|set)\s+\w+[\s,]*)+?)(?:granted\s+by\b|$)/i.exec(statement) ?? [];
  const said = options
    .split(',')
    .map((option) => option.trim().toLowerCase().replace(/\s+/g, ' '))
    .filter((option) => option !== '');
  return {
    calls: granted.flatMap((role) =>
      members.map((member) => hostCall('change_membership', role, member, isGiven, said)),
    ),
    made: null,
  };
}

function give(role: string, member: string, options: readonly string[] = []): string {
  return hostCall('change_membership', role, member, true, options);
}

function namesOf(reader: TokenReader): string[] {
  return reader.names().map(([name = '']) => name);
}

/** What a run was given → its secrets, in every form in which one could turn up in what is told of it. */
import {
  isNoSecret,
  readAddressSecrets,
  type SecretForm,
  secretForms,
  shortestPart,
  throwawayForms,
} from './secrets.js';

export interface Given {
  /** Whatever holds an address of a database, or could: other words are no harm. */
  readonly addresses: readonly string[];
  /** Those of them that are of a server with nothing of anybody on it. */
  readonly throwaway: readonly string[];
  /** null: none was given. */
  readonly token: string | null;
  /** Of backups; `none` is the word for no key. */
  readonly keys?: readonly string[];
  /** Of other services; empty ones are none. */
  readonly otherTokens?: readonly string[];
  /** `PGPASSWORD` is used where an address holds no password, `SCHEMA_FIX_BACKUP_KEY` where no other key is given. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * What is a secret of something else, too, is hidden as one. One of a few letters is in half of all words, and hiding it
 * there would tell it.
 */
export function readSecrets(given: Given): readonly SecretForm[] {
  const throwaway = new Set(given.throwaway.flatMap(readAddressSecrets));
  const others = new Set(
    listSecrets({
      ...given,
      addresses: given.addresses.filter((address) => !given.throwaway.includes(address)),
    }),
  );
  return listSecrets(given).flatMap((secret): readonly SecretForm[] =>
    (throwaway.has(secret) && !others.has(secret)) || secret.length < shortestPart
      ? throwawayForms(secret)
      : secretForms(secret),
  );
}

/** Of a command line, and of the environment that it runs in. */
export function readWordsSecrets(words: readonly string[]): readonly SecretForm[] {
  return readSecrets({
    addresses: addressesAmong(words),
    throwaway: throwawayAmong(words),
    token: null,
    keys: keysAmong(words),
    otherTokens: tokensAmong(words),
    environment: process.env,
  });
}

export function listSecrets({
  addresses,
  token,
  keys = [],
  otherTokens = [],
  environment,
}: Omit<Given, 'throwaway'>): readonly string[] {
  const {
    PGPASSWORD: password = '',
    SCHEMA_FIX_BACKUP_KEY: ofEnvironment = '',
    SUPABASE_ACCESS_TOKEN: supabase = '',
  } = environment;
  const ofBackups = [...keys, ofEnvironment].map((key) => key.trim()).filter((key) => key !== 'none');
  // As in an address: one that is the user's name protects nothing.
  const isName = isNoSecret(password, '') || addresses.some((address) => address.includes(`://${password}@`));
  return [
    token ?? '',
    ...ofBackups,
    ...otherTokens,
    supabase,
    ...addresses.flatMap(readAddressSecrets),
    ...(isName ? [] : [password]),
  ].filter((secret) => secret !== '');
}

/** The inputs of the action that are, or hold, an address. */
export function addressesOfInputs(inputs: ReadonlyMap<string, string>): readonly string[] {
  const given = (name: string) => inputs.get(name) ?? '';
  // `before` takes several, one a line, among paths; a line break in another one is one of its password.
  return [given('postgres-url'), given('database-url'), ...given('before').split('\n')].map((text) =>
    text.trim(),
  );
}

/** An address may be anywhere among the words: a mistyped option must not show its password either. */
export function addressesAmong(words: readonly string[]): readonly string[] {
  return words
    .map((word) => word.replace(/^--[\w-]+=/, '').trim())
    .filter((word) => word.includes('://') || /password\s*=/i.test(word));
}

/** The keys of backups that are given. */
export function keysAmong(words: readonly string[]): readonly string[] {
  return valuesOf(words, '--backup-key');
}

/** What is given for an option whose value is a secret as it is. */
export function tokensAmong(words: readonly string[]): readonly string[] {
  return valuesOf(words, '--supabase-token');
}

/** The address that is given for a server to make databases on. */
export function throwawayAmong(words: readonly string[]): readonly string[] {
  return valuesOf(words, '--postgres-url');
}

function valuesOf(words: readonly string[], option: string): readonly string[] {
  return words.flatMap((word, index) => {
    if (word.startsWith(`${option}=`)) return [word.slice(option.length + 1).trim()];
    return words[index - 1] === option ? [word.trim()] : [];
  });
}

/** Takes a secret, or an address that holds one; gives every form in which it could turn up in a text, to be hidden. */
import { escapePattern } from '../escape-pattern.js';

/** Shorter parts of a secret are in half of all words: hiding them would hide everything else. */
export const shortestPart = 4;

/** A text, or a word: where it stands in another word it is not the secret. */
export type SecretForm = string | RegExp;

/**
 * The forms of a password that guards nothing, a throwaway server's. It is hidden where it stands alone: inside of other words
 * `test`, `pg17` or `1` is in half of what a run says.
 */
export function throwawayForms(secret: string): readonly SecretForm[] {
  return secretForms(secret).map(
    (form) =>
      new RegExp(
        [
          startsAsWord.test(form) ? '(?<![\\p{L}\\p{N}_])' : '',
          escapePattern(form),
          endsAsWord.test(form) ? '(?![\\p{L}\\p{N}_])' : '',
        ].join(''),
        'gu',
      ),
  );
}

const startsAsWord = /^[\p{L}\p{N}_]/u;
const endsAsWord = /[\p{L}\p{N}_]$/u;

/**
 * The forms of one secret: as it is, each of its lines, and as an address, JSON, SQL, HTML or base64 would write it.
 * Longest first, so that no form is broken up by hiding a shorter one.
 */
export function secretForms(secret: string): readonly string[] {
  const forms = new Set<string>();
  for (const text of [secret, decodeIfEncoded(secret)]) {
    for (const written of writtenForms(text)) {
      forms.add(written);
    }
    for (const line of text.split(/\r\n|\r|\n/)) {
      if (line.length >= shortestPart) {
        forms.add(line);
      }
    }
  }
  forms.delete('');
  return [...forms].sort((one, other) => other.length - one.length);
}

/** Every secret of a Postgres address, also of one that does not parse, as it is written. */
export function readAddressSecrets(address: string): readonly string[] {
  const user = /(?:^|\/\/|["'`\s])([^:@/?#"'`\s]*):(?!\/\/).*@/s.exec(address)?.[1] ?? '';
  const parameters = address.matchAll(/(?:^|[?&\s])(?:ssl)?password\s*=\s*('(?:[^'\\]|\\.)*'|[^&\s]*)/gi);
  const found = [readPassword(address), readGreedily(address), ...[...parameters].map(([, value]) => value)];
  return found.flatMap((secret = '') => (secret === '' || isNoSecret(secret, user) ? [] : [secret]));
}

/**
 * `postgres:postgres@` keeps nothing from anybody, nor does what every local Supabase begins with, `supabase_admin:postgres@`: hiding it
 * would hide the word in every sentence, and who owns what.
 */
export function isNoSecret(password: string, user: string): boolean {
  return password === user || password === 'postgres';
}

/** An unencoded `/` or `#` in a password ends the address early; the stump would be found in every other word. */
function readPassword(address: string): string | undefined {
  const password = URL.canParse(address) ? new URL(address).password : '';
  const isStump = password.length < shortestPart && password !== readGreedily(address);
  return isStump ? undefined : password;
}

/** Up to the last `@`, whatever is in between; also of what somebody meant for an address: in quotes, without its colon, behind a command. */
function readGreedily(address: string): string | undefined {
  return /(?:^|\/\/|["'`\s])[^:@/?#"'`\s]*:(?!\/\/)(.*)@/s.exec(address)?.[1];
}

export function hideSecrets(text: string, forms: readonly SecretForm[]): string {
  return forms.reduce((hidden: string, form) => hidden.replaceAll(form, '***'), text);
}

/**
 * The same for every text of plain data, before it is rendered: markdown would escape a secret out of recognition. What is one
 * of our own words is no text: a password `fail` must not make a verdict of something else.
 */
export function withoutSecrets<Data>(data: Data, forms: readonly SecretForm[]): Data {
  if (forms.length === 0) return data;
  return JSON.parse(JSON.stringify(data), (key, value: unknown) =>
    typeof value === 'string' && !ownWords.has(key) ? hideSecrets(value, forms) : value,
  );
}

/** Properties of the model that hold one of a few words, ours or Postgres' (`mode`, of a lock): what is said depends on them. */
const ownWords = new Set([
  'command',
  'committed',
  'kind',
  'mode',
  'outcome',
  'proof',
  'severity',
  'source',
  'stage',
  'verb',
  'verdict',
  'who',
  'word',
]);

function writtenForms(text: string): string[] {
  const encoded = encodeURIComponent(text);
  const inUrl = encodeAsUrl(text);
  const json = JSON.stringify(text).slice(1, -1);
  return [
    text,
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    inUrl,
    new URLSearchParams({ '': text }).toString().slice(1),
    json,
    JSON.stringify(json).slice(1, -1),
    text.replaceAll("'", "''"),
    text.replace(/['\\]/g, '\\$&'),
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    Buffer.from(text).toString('base64'),
    Buffer.from(text).toString('base64url'),
  ];
}

/** As `new URL` writes a password: it encodes less than `encodeURIComponent`. */
function encodeAsUrl(text: string): string {
  const url = new URL('postgres://user@host');
  url.password = text;
  return url.password;
}

function decodeIfEncoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error: unknown) {
    if (error instanceof URIError) {
      return text;
    }
    throw error;
  }
}

/** A statement that names what another server had → the same without it, where that changes nothing of what is made. */
import type { DatabaseError } from '../database/database-error.js';

/** Null: the error is another, or nothing is found. */
export function asAnyServer(statement: string, error: DatabaseError): string | null {
  const plainer = (readers.find(({ isMeant }) => isMeant(error))?.rewrite ?? keep)(statement, error);
  return plainer === statement ? null : plainer;
}

const keep = (statement: string) => statement;

interface Reader {
  isMeant(error: DatabaseError): boolean;
  rewrite(statement: string, error: DatabaseError): string;
}

const readers: readonly Reader[] = [
  {
    isMeant: ({ code, message }) => code === '42704' && noTablespace.test(message),
    rewrite: (statement, { message }) => {
      const [, missing] = noTablespace.exec(message) ?? [];
      return statement.replace(clause, (words, quoted: string | undefined, plain = '') =>
        (quoted?.replaceAll('""', '"') ?? plain.toLowerCase()) === missing ? '' : words,
      );
    },
  },
  {
    // How rows are packed: not every server is built with lz4.
    isMeant: ({ code, message }) =>
      code === '0A000' && /^compression method lz4 not supported$/.test(message),
    rewrite: (statement) =>
      replaceUnquoted(statement, /\bcompression\s+(?:lz4\b|"lz4")/, 'compression default'),
  },
  {
    // Only a superuser may say so; it lets the planner ask the function before a policy is.
    isMeant: ({ code, message }) => code === '42501' && /leakproof function$/.test(message),
    rewrite: (statement) => replaceUnquoted(statement, /(?<!\bnot\s+)\bleakproof\b/, 'not leakproof'),
  },
];

const noTablespace = /^tablespace "(.+)" does not exist$/;
const clause = /\s+(?:using\s+index\s+)?tablespace\s+(?:"((?:[^"]|"")+)"|([\w$]+))/gi;

const quoted =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|(?<!compression\s+)"(?:[^"]|"")*"|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$/;

/** Not within texts, names, bodies and comments. */
function replaceUnquoted(statement: string, words: RegExp, by: string): string {
  return statement.replace(new RegExp(`${quoted.source}|(${words.source})`, 'gi'), (found, _tag, hit) =>
    hit === undefined ? found : by,
  );
}

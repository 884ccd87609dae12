/** The setting `log_line_prefix` → what reads the lines that it begins. */
import { UserError } from '../errors.js';
import { escapePattern } from '../escape-pattern.js';
import { timePattern } from './log-time.js';

export interface PrefixedLine {
  readonly time: string | null;
  /** `%n`, milliseconds since 1970. */
  readonly epoch: number | null;
  readonly process: string;
  readonly sqlstate: string | null;
  readonly database: string | null;
  readonly severity: string;
  readonly message: string;
}

export type PrefixReader = (line: string) => PrefixedLine | null;

/**
 * Postgres' own, Debian's, Supabase's, RDS', Azure's, Cloud SQL's and pgBadger's. A line is read whole or not at all: nothing that a
 * client can put into its name passes for a severity.
 */
export const knownPrefixes: readonly string[] = [
  '%m [%p] ',
  '%m [%p] %q%u@%d ',
  '%h %m [%p] %q%u@%d ',
  '%t:%r:%u@%d:[%p]:',
  '%t [%p]: ',
  '%t [%p] ',
  '%t ',
  '%m ',
  '%m [%p] %e ',
  '%t-%c-',
  '%m [%p]: [%l-1] db=%d,user=%u ',
  '%t [%p]: user=%u,db=%d,app=%a,client=%h ',
  '%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ',
  '%t [%p]: [%l-1] user=%u,db=%d ',
];

/** What a name may be of: 63 bytes in Postgres, an application's too. An address is no longer. */
const name = '[^\\n]{0,120}?';

const fields: Readonly<Record<string, string>> = {
  ...{ a: name, u: name, r: name, h: name, L: name, b: name, i: name },
  d: `(?<database>${name})`,
  p: '(?<process>\\d+)',
  P: '\\d*',
  t: `(?<time>${timePattern})`,
  m: `(?<time>${timePattern})`,
  n: '(?<epoch>\\d+\\.\\d+)',
  s: timePattern,
  e: '(?<sqlstate>[0-9A-Z]{5})',
  c: '[0-9a-f]+\\.[0-9a-f]+',
  ...{ l: '\\d+', v: '[\\d/-]*', x: '\\d+', Q: '-?\\d+' },
};

/** Longer is no prefix. */
const longestHead = 1000;

/** Throws a UserError where it holds no time, or something that Postgres does not know. */
export function createPrefixReader(prefix: string): PrefixReader {
  const pattern = new RegExp(`^${toPattern(prefix)}(?<severity>DEBUG[1-5]|\\p{L}{1,30}):  `, 'u');
  return (line) => {
    const groups = pattern.exec(line.length > longestHead ? line.slice(0, longestHead) : line);
    if (groups === null) return null;
    const { time, epoch, process = '', sqlstate, database, severity = '' } = groups.groups ?? {};
    return {
      time: time ?? null,
      epoch: epoch === undefined ? null : Math.round(Number(epoch) * 1000),
      process,
      sqlstate: sqlstate ?? null,
      database: database ?? null,
      severity,
      message: line.slice(groups[0].length),
    };
  };
}

function toPattern(prefix: string): string {
  let pattern = '';
  let isOptional = false;
  const seen = new Set<string>();
  for (const [whole, padding = '', letter, plain] of prefix.matchAll(/%(-?\d*)([a-zA-Z%])|([^%])/g)) {
    if (plain !== undefined) pattern += escapePattern(plain);
    else if (letter === '%') pattern += '%';
    else if (letter === 'q') {
      isOptional = true;
      pattern += '(?:';
    } else {
      const field = fields[letter ?? ''];
      if (field === undefined) throw problem(`${whole} is nothing that Postgres writes into it`);
      // Named once; what is written again says the same.
      const isNamed = field.startsWith('(?<') && !seen.has(field.slice(0, field.indexOf('>')));
      if (isNamed) seen.add(field.slice(0, field.indexOf('>')));
      const part = isNamed ? field : field.replace(/^\(\?<\w+>/, '(?:');
      pattern += padding === '' ? part : `\\s*${part}\\s*`;
    }
  }
  if (!seen.has('(?<time') && !seen.has('(?<epoch'))
    throw problem('it holds no time, %m, %t or %n, so that nobody knows what came before the deployment');
  return isOptional ? `${pattern})?` : pattern;
}

function problem(what: string): UserError {
  return new UserError(
    `log-line-prefix: ${what}. Give the server's log_line_prefix, as show log_line_prefix says it.`,
  );
}

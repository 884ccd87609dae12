/** The SQL of a bundle → a problem for each place that does what no rollback undoes, or that takes from the engine how long it waits. */
import type { SqlFile } from '../model.js';
import { withoutComments } from './rewrite-tokens.js';
import { splitStatements } from './split-statements.js';

export const callsSetval = (code: string): boolean => /\bsetval\b/i.test(code);

/** In text that is put together while it runs nothing is found; that a sequence went back is found afterwards. */
export function refuseSetval(files: readonly SqlFile[], problems: string[]): void {
  for (const { path, text } of files) {
    const code = codeOf(text).split('\n');
    for (const [index, line] of text.split('\n').entries()) {
      if (!callsSetval(code[index] ?? '')) continue;
      problems.push(
        `${path}:${index + 1}: setval stays when the fix is rolled back. Write \`alter sequence … restart with …\`: ${line.trim()}`,
      );
    }
  }
}

const setsLimit =
  /(^|;|\b(begin|then|else|loop)\b)\s*(set\s+((local|session)\s+)?"?(lock|statement)_timeout"?\s*(=|to\b)|reset\s+((lock|statement)_timeout|all)\b)|\bset_config\s*\(\s*'(lock|statement)_timeout'/i;

/** What is put together while it runs is found once the file has run. */
export function refuseLimits(files: readonly SqlFile[], problems: string[]): void {
  for (const { path, text } of files) {
    for (const statement of splitStatements(text)) {
      // What a function, a role or a database is given is for whoever uses it later.
      if (/^\s*(create|alter)\b/i.test(statement.text)) continue;
      if (!setsLimit.test(codeOf(statement.text))) continue;
      problems.push(
        `${path}:${statement.line}: how long a statement may wait and run is for whoever runs the fix to say: --lock-timeout, --statement-timeout. Take it out: ${statement.text.trim().split('\n')[0]}`,
      );
    }
  }
}

const reachesOut: readonly (readonly [RegExp, string])[] = [
  [
    /\bnet\s*\.\s*http_\w+|\bhttp(_(get|post|put|patch|delete|head|request))?\s*\(|\bdblink\w*\s*\(|\bpg_logical_emit_message\b/i,
    'leaves the database, and no rollback takes it back',
  ],
  [
    /\bpg_(try_)?advisory_lock(_shared)?\b/i,
    'stays locked when the fix is rolled back: write pg_advisory_xact_lock',
  ],
  [
    /(^|;|\b(begin|then|else|loop))\s*notify\b(?!\s+pgrst\b)|\bpg_notify\s*\(\s*(?!'pgrst')/i,
    'tells whoever listens, whatever it says',
  ],
  [
    /\bpg_(terminate_backend|cancel_backend)\b/i,
    'acts on the sessions of others at once, and no rollback takes it back',
  ],
  [
    /\bpg_(reload_conf|rotate_logfile\w*|switch_wal|create_restore_point|promote|stat_reset\w*|export_snapshot|replication_slot_advance|(create|drop|copy)_\w*replication_slot)\b/i,
    'acts on the server at once, and no rollback takes it back',
  ],
];

/** A function that is made is judged as what it is, unless it may be gone by then. */
export function refuseReachingOut(files: readonly SqlFile[], problems: string[]): void {
  const mayBeGone = files.some(({ text }) => /\bdrop\s+(function|routine|procedure)\b/i.test(text));
  for (const { path, text } of files) {
    for (const statement of splitStatements(text)) {
      if (!mayBeGone && /^\s*create\b(\s+or\s+replace\b)?\s+(function|procedure)\b/i.test(statement.text))
        continue;
      if (/^\s*comment\s+on\b/i.test(statement.text)) continue;
      for (const reaching of findReachingOut(statement.text))
        problems.push(`${path}:${statement.line}: ${reaching}. Take it out.`);
    }
  }
}

/** What a statement or expression does that no rollback undoes, as the start of a sentence. */
export function findReachingOut(text: string): string[] {
  const code = codeOf(text);
  return reachesOut.flatMap(([pattern, why]) => {
    const found = pattern.exec(code)?.[0];
    return found === undefined
      ? []
      : [
          `${found
            .replace(/\s*\($/, '')
            .replace(/\s+/g, ' ')
            .trim()} ${why}`,
        ];
  });
}

/** Without comments and the quotes of names; with the bodies of blocks, line for line. */
function codeOf(text: string): string {
  return withoutComments(text, (token) => {
    if (token.startsWith('"')) return token.slice(1, -1);
    const tag = /^\$[^$]*\$/.exec(token)?.[0];
    return tag === undefined ? token : ` ; ${codeOf(token.slice(tag.length, -tag.length))} ; `;
  });
}

/** A statement that may be left out → its line in the list: what, where, why, and whether the fix can meet what is missing. */
import { escapePattern } from '../escape-pattern.js';
import type { LeftOut, LeftOutKind } from '../model.js';
import type { DescribedStatement } from './describe-statement.js';
import { wordsOfExtension } from './extensions.js';
import { deployersName } from './host.js';
import type { Ledger } from './ledger.js';

export interface Place {
  readonly path: string;
  readonly line: number;
}

export function leaveOut(
  ledger: Ledger,
  { path, line }: Place,
  {
    kind,
    described,
    reason,
    fix,
    isThere = false,
  }: {
    kind: LeftOutKind;
    described: DescribedStatement;
    reason: string;
    fix: readonly string[];
    /** Whether something stands in for it. */
    isThere?: boolean;
  },
): void {
  const words = wordsOf(kind, described);
  const leftOut: LeftOut = {
    path,
    line,
    kind,
    statement: described.title,
    reason,
    meets: sayWhatMeets(kind, words, fix),
  };
  ledger.statements += 1;
  ledger.leftOut.push(leftOut);
  if (words !== null && described.verb === 'create' && !isThere) ledger.missing.push({ words, leftOut });
}

/** What a text that needs the thing would say; null: nothing does. */
function wordsOf(kind: LeftOutKind, { targets, roles }: DescribedStatement): RegExp | null {
  const [first = []] = targets;
  if (kind === 'extension') return wordsOfExtension(first[0] ?? '');
  if (kind === 'role') return anyOf(roles.filter((role) => role !== deployersName));
  if (kind !== 'host' && kind !== 'event trigger') return null;
  return anyOf(targets.map((name) => name.join('.')));
}

function anyOf(names: readonly string[]): RegExp | null {
  const known = names.filter((name) => /\w/.test(name));
  if (known.length === 0) return null;
  return new RegExp(`(?<![\\w.])(${known.map(escapePattern).join('|')})(?!\\w)`, 'i');
}

function sayWhatMeets(kind: LeftOutKind, words: RegExp | null, fix: readonly string[]): string | null {
  if (kind === 'event trigger') return 'it would fire on what the fix does';
  if (kind === 'owner') return 'here the deployer owns it';
  if (words === null) return null;
  const isNamed = fix.some((text) => words.test(text));
  return isNamed ? 'the fix names it' : null;
}

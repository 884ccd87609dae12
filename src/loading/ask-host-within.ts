/** A block (`do $$ … $$`) → the same, where what a hosting lets its customers run is asked of the host; null: it runs no such thing. */
import { readTokens, type Token } from '../bundle/read-tokens.js';
import { readHostCall } from './read-host-call.js';

/** An event trigger would have to be noted beside it. */
const isHosts = /^(?:(?:create|alter|drop)\s+extension|(?:create|alter)\s+publication)\b/i;

/** Migrations look first whether it is there: `if not exists (select from pg_extension …) then create extension …; end if;`. */
export function askHostWithin(statement: string): string | null {
  if (!/^do\b/i.test(statement) || !/\b(?:extension|publication)\b/i.test(statement)) return null;
  for (const { kind, from, to } of readTokens(statement)) {
    if (kind !== 'other') continue;
    const [, quote = '', body] = /^(\$[^$]*\$)([\s\S]*)\1$/.exec(statement.slice(from, to)) ?? [];
    if (body === undefined) continue;
    const asked = askInBody(body);
    return asked === body ? null : statement.slice(0, from) + quote + asked + quote + statement.slice(to);
  }
  return null;
}

/** What may stand before a statement of PL/pgSQL; a semicolon besides. */
const before = /^(?:begin|then|else|loop)$/i;

function askInBody(body: string): string {
  const tokens = [...readTokens(body)].filter(({ kind }) => kind !== 'space');
  let asked = '';
  let taken = 0;
  tokens.forEach(({ from }, index) => {
    const last = tokens[index - 1];
    const isFirst = last?.kind === 'semicolon' || (last?.kind === 'word' && before.test(textOf(body, last)));
    const end = isFirst ? tokens.slice(index).find(({ kind }) => kind === 'semicolon') : undefined;
    if (end === undefined) return;
    const text = body.slice(from, end.from);
    const run = executed(text) ?? text;
    const call = isHosts.test(run) ? readHostCall(run) : null;
    if (call === null) return;
    const lines = text.split('\n').length - 1;
    asked += body.slice(taken, from) + call.replace(/^select\b/, 'perform') + '\n'.repeat(lines);
    taken = end.from;
  });
  return asked + body.slice(taken);
}

/** `execute 'create extension …'`. */
function executed(text: string): string | null {
  const [, quoted] = /^execute\s+'((?:[^']|'')*)'$/i.exec(text.trimEnd()) ?? [];
  return quoted?.replaceAll("''", "'") ?? null;
}

function textOf(body: string, { from, to }: Token): string {
  return body.slice(from, to);
}

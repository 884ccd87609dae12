/** The files of a fix → what a careful database administrator would say of their statements together: what one opens and none shuts. */
import { escapePattern } from '../escape-pattern.js';
import type { SqlFile } from '../model.js';
import { type Remark, type Said, statementsIn } from './lint-statements.js';
import { readTokens } from './read-tokens.js';

const name = String.raw`(?:"[^"]*"|[a-z_][\w$]*)(?:\.(?:"[^"]*"|[a-z_][\w$]*))?`;

interface Placed extends Said {
  readonly path: string;
}

/** `others` may speak of the same objects, as a state does; `shut` are tables that nobody is to reach. */
export function lintTogether(
  files: readonly SqlFile[],
  { others, shut }: { readonly others: readonly SqlFile[]; readonly shut: readonly string[] },
): Remark[] {
  const placed = (of: readonly SqlFile[]): Placed[] =>
    of.flatMap(({ path, text }) => statementsIn(text).map((said) => ({ ...said, path })));
  const own = placed(files);
  const all = [...own, ...placed(others)].map(({ statement }) => statement);
  // What is put together while it runs may do it.
  const puts = (what: RegExp) =>
    [...files, ...others].some((file) => stringsOf(file).some((text) => what.test(text)));
  return [
    ...(puts(/\bcreate\s+policy\b/i) ? [] : own.flatMap((one) => findShut(one, all, shut))),
    ...(puts(/\brevoke\b/i) ? [] : own.flatMap((one) => findCallable(one, all))),
  ];
}

function findShut(
  { statement, path, line }: Placed,
  all: readonly string[],
  shut: readonly string[],
): Remark[] {
  const enabling = new RegExp(
    String.raw`\balter table (?:if exists )?(?:only )?(${name}) .*\benable row level security\b`,
  );
  const [, table] = enabling.exec(statement) ?? [];
  if (table === undefined || shut.includes(table.replaceAll('"', ''))) return [];
  const meant = new RegExp(
    String.raw`\bcreate policy (?:"[^"]*"|\S+) on ${escapePattern(table)}(?![\w$."])|\brevoke all\b.* on (?:table )?(?:[^;]*, )?${escapePattern(table)}(?![\w$."])|\brevoke all\b.* on all tables in schema `,
  );
  if (all.some((other) => meant.test(other))) return [];
  const text = `row level security of ${table} is switched on, and no section or state makes a policy: nobody but its owner reaches a row. Make one; or revoke all on it, if that is meant`;
  return [{ severity: 'warning', path, line, text }];
}

function findCallable({ statement, path, line }: Placed, all: readonly string[]): Remark[] {
  const defining = new RegExp(
    String.raw`^create (?:or replace )?(?:function|procedure) (${name}) ?\(.*\bsecurity definer\b`,
  );
  const [, routine] = defining.exec(statement) ?? [];
  if (
    routine === undefined ||
    /\breturns (event_)?trigger\b/.test(statement) ||
    /^schema_fix\./.test(routine)
  )
    return [];
  const revoking = new RegExp(
    String.raw`\brevoke\b.*(?:(?<![\w$."])${escapePattern(routine)}(?![\w$."])| on all (?:functions|routines|procedures) in schema | on (?:functions|routines) from )`,
  );
  if (all.some((other) => revoking.test(other))) return [];
  const text = `every role may call ${routine}, with its owner's rights. Revoke execute on it from public, and grant that to those who need it`;
  return [{ severity: 'warning', path, line, text }];
}

/** A block in dollars runs by itself, and is no string. */
function stringsOf({ text }: SqlFile): string[] {
  return [...readTokens(text)]
    .filter(({ kind }) => kind === 'other')
    .map(({ from, to }) => text.slice(from, to))
    .flatMap((token) =>
      token.startsWith('$') ? (token.match(/'(?:[^']|'')*'/g) ?? []) : /^e?'/i.test(token) ? [token] : [],
    );
}

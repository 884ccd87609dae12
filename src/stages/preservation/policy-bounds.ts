/**
 * Policies of the fix's own tables that are new or others → what one compares with that none of its table compared with, where no rows are
 * either way: people are tried with the rows that there are, and it is about rows that come later.
 */
import type { Session } from '../../database/with-session.js';
import type { Bundle, RowDifference } from '../../model.js';
import type { Given } from './come-alive.js';
import { comparedColumnsIn, comparedColumnsOf, type Pair, sayPair } from './compared-columns.js';
import { isMet, isMetBetween } from './met-by-rows.js';
import { whoWrites } from './newly-checked.js';
import { bareOf, type DatabaseObject, nameOf } from './read-objects.js';
import { readPieces } from './read-pieces.js';
import { boundsOf, boundsOfText, type PolicyBound } from './read-policy.js';
import { followNames } from './views-of-tables.js';

export type AnswersBy = (object: DatabaseObject) => ReadonlySet<DatabaseObject>;

/** What is known of the objects before and after the fix. */
export interface Judged {
  /** Those after it that were not there as they are. */
  readonly arrived: readonly DatabaseObject[];
  /** Of one before it and of one after it: it, and whatever decides with it what it answers. */
  readonly answeredBy: AnswersBy;
  readonly answersBy: AnswersBy;
  /** What is declared by its own name was read. */
  readonly isRead: (object: DatabaseObject) => boolean;
}

/** A rule of `access/` that compares with the same says that it is meant. */
export async function findBounded(
  session: Session,
  given: Given,
  {
    bundle: { preserve, access },
    own,
    judged: { arrived, answeredBy, answersBy, isRead },
  }: {
    readonly bundle: Pick<Bundle, 'preserve' | 'access'>;
    readonly own: readonly string[];
    readonly judged: Judged;
  },
): Promise<RowDifference[]> {
  const fresh = new Set(arrived);
  const policies = arrived.filter(
    (one) => one.kind === 'policy' && own.includes(one.relation ?? '') && !isRead(one),
  );
  if (policies.length === 0) return [];
  const texts = [...access.rules.map(({ file }) => file), access.setup].map((file) => file?.text ?? '');
  // Once for all policies: everybody waits, and rules are long.
  const rules = {
    bounds: texts.flatMap(boundsOfText),
    pairs: texts.flatMap((text) => comparedColumnsIn(text)),
  };
  const found: RowDifference[] = [];
  for (const policy of policies) {
    const asking = [...answersBy(policy)].filter((one) => one === policy || (fresh.has(one) && !isRead(one)));
    const bounds = asking.flatMap(boundsOf);
    const pairs = comparedColumnsOf(asking, answersBy(policy));
    if (bounds.length + pairs.length === 0) continue;
    const known = knownOf(policy.relation ?? '', { given, preserve, rules, answeredBy });
    const named = new Set(asking.flatMap(({ said }) => readPieces(said ?? '').map(({ text }) => text)));
    const tables = [...given.shapesNow.values()].filter(
      ({ name }) => name === policy.relation || named.has(bareOf(name)),
    );
    const columns = new Set<string>();
    for (const { column, say, compared } of bounds) {
      const text = say(column);
      if (known.has(text) || columns.has(text)) continue;
      if (compared === null || !(await isMet(session, compared, tables))) columns.add(text);
    }
    for (const pair of pairs) {
      for (const { name, relation, columns: all } of known.has(sayPair(pair)) ? [] : tables) {
        const compared = all.filter((column) => pair.includes(column.name));
        const who = compared.length === 2 ? whoWrites(given, name, compared) : [];
        if (who.length > 0 && !(await isMetBetween(session, pair, relation)))
          columns.add(`${sayPair(pair)}, of which ${who.join(' and ')} may write one`);
      }
    }
    if (columns.size > 0)
      found.push({
        word: 'asks what nobody was tried with',
        table: nameOf(policy),
        key: null,
        columns: [...columns],
      });
  }
  return found;
}

/** What each policy of the table, and of those whose rows it continues, compared with, and what the rules do. */
function knownOf(
  table: string,
  {
    given,
    preserve,
    rules,
    answeredBy,
  }: Pick<Bundle, 'preserve'> & {
    readonly given: Given;
    readonly rules: { readonly bounds: readonly PolicyBound[]; readonly pairs: readonly Pair[] };
    readonly answeredBy: AnswersBy;
  },
): ReadonlySet<string> {
  const tables = [table, ...preserve.flatMap(({ from, to }) => (to.includes(table) ? from : []))];
  const old = given.before.filter(
    ({ kind, relation }) => kind === 'policy' && tables.includes(relation ?? ''),
  );
  const namesNow = followNames(given, preserve);
  const asking = old.flatMap((one) => [...answeredBy(one)]);
  const pairs = [...rules.pairs, ...comparedColumnsOf(asking, new Set(asking))];
  return new Set([
    ...[...rules.bounds, ...asking.flatMap(boundsOf)].flatMap(({ column, say }) => namesNow(column).map(say)),
    ...pairs.flatMap(([one, other]) =>
      namesNow(one).flatMap((first) => namesNow(other).map((second) => sayPair([first, second]))),
    ),
  ]);
}

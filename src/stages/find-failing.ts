/** Work that an expression of the manifest makes fail while it runs, where Postgres does not say which → the expression. */
import { isDatabaseError } from '../database/database-error.js';
import { withQuery } from '../database/with-query.js';
import type { Session } from '../database/with-session.js';
import { withSavepointRollback } from '../database/with-transaction.js';
import type { Bundle } from '../model.js';

export interface Expression {
  readonly text: string;
  readonly type: 'text' | 'boolean';
}

/** In the order of the manifest. */
export function expressionsOf({ preserve }: Bundle): Expression[] {
  const all = preserve.flatMap(({ appears, quarantine, facts }) => [
    ...[appears, ...quarantine.map(({ when }) => when), ...facts.flatMap(({ gap, fill }) => [gap, fill])].map(
      (text) => ({ text, type: 'boolean' as const }),
    ),
    ...facts
      .flatMap(({ normalise, comparedAs }) => [normalise, comparedAs])
      .map((text) => ({ text, type: 'text' as const })),
  ]);
  return all.flatMap(({ text, type }) => (text === null ? [] : [{ text, type }]));
}

interface Failed {
  readonly sqlstate: string;
  readonly work: () => Promise<unknown>;
}

/** Does the work again without any of them, and then each time with half of those that are left. Undone each time. null: it is none. */
export async function findFailing(
  session: Session,
  expressions: readonly Expression[],
  failed: Failed,
): Promise<Expression | null> {
  if (await failsWithout(session, expressions, failed)) return null;
  let left = expressions;
  while (left.length > 1) {
    const half = left.slice(0, Math.ceil(left.length / 2));
    const others = expressions.filter((one) => !half.includes(one));
    left = (await failsWithout(session, others, failed)) ? half : left.slice(half.length);
  }
  return left[0] ?? null;
}

async function failsWithout(
  session: Session,
  expressions: readonly Expression[],
  { sqlstate, work }: Failed,
): Promise<boolean> {
  try {
    await withSavepointRollback(session, () =>
      withQuery(session, (ask, [asked, ...rest]) => ask(silence(asked, expressions), ...rest), work),
    );
    return false;
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return error.code === sqlstate;
  }
}

/** As the engine writes an expression into its queries. */
const written = (text: string) => `(${text}\n)`;

export const isIn = (statement: string, { text }: Expression): boolean => statement.includes(written(text));

function silence(asked: unknown, expressions: readonly Expression[]): unknown {
  if (typeof asked !== 'string') {
    const { text } = asked as { readonly text: string };
    return { ...(asked as object), text: silence(text, expressions) };
  }
  return expressions.reduce(
    (text, { text: one, type }) => text.replaceAll(written(one), () => written(`null::${type}`)),
    asked,
  );
}

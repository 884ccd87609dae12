/** Work that asks a session → which statement was refused, kept beside Postgres' error: that alone says only how far in it. */
import { isDatabaseError } from './database-error.js';
import { withQuery } from './with-query.js';
import type { Session } from './with-session.js';

const texts = new WeakMap<object, string>();

/** The statement that this error answers, where it was sent within `withFailedText`. */
export const textOf = (error: object): string | undefined => texts.get(error);

export async function withFailedText<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return withQuery(
    session,
    (ask, given) => {
      const answer = ask(...given);
      if (!(answer instanceof Promise)) return answer;
      return answer.catch((error: unknown) => {
        const [asked] = given as [string | { readonly text: string }];
        if (isDatabaseError(error)) texts.set(error, typeof asked === 'string' ? asked : asked.text);
        throw error;
      });
    },
    work,
  );
}

/** What stands in the way of a rollback, and what somebody may choose about it. */

import {
  type DatabaseError,
  isDatabaseError,
  isLostConnection,
  isPassing,
  isRaised,
} from '../../database/database-error.js';
import { withoutValues } from '../../database/without-values.js';

export type ObstacleKind =
  /** Somebody has changed a definition since that the deployment had made. */
  | 'definition'
  /** A row that the deployment wrote was changed or deleted since. */
  | 'row'
  /** A key or check of before forbids a row that was written since. */
  | 'key'
  /** A statement of the way back fails. */
  | 'statement'
  /** The same, since something made since needs what would go. */
  | 'dependent'
  /** It was known when it was deployed. */
  | 'known';

export interface Obstacle {
  readonly kind: ObstacleKind;
  /** A clause that names what it is, without what is in a row. */
  readonly what: string;
}

/** What somebody chose for each kind that lets them. */
export interface Choices {
  /** Rows that were changed or deleted since stay as they are. */
  readonly keepsNewRows: boolean;
  /** A key or check of before that a row forbids is there, not valid: it holds for what is written from then on. */
  readonly keysNotValid: boolean;
}

export const noChoice: Choices = { keepsNewRows: false, keysNotValid: false };

/** Each as the command line writes it. */
export const options: Readonly<Record<keyof Choices, string>> = {
  keepsNewRows: '--keep-new-rows',
  keysNotValid: '--keys-not-valid',
};

/** What can be chosen about it; null: nothing. */
export function choiceOf(kind: ObstacleKind): keyof Choices | null {
  if (kind === 'row') return 'keepsNewRows';
  return kind === 'key' ? 'keysNotValid' : null;
}

/** What can be chosen, in words of the command line. */
export function remedyFor(kind: ObstacleKind): string | null {
  switch (kind) {
    case 'row':
      return `${options.keepsNewRows} leaves them as they are now`;
    case 'key':
      return `${options.keysNotValid} adds it not valid, so that it holds for what is written from then on`;
    case 'definition':
      return 'take the later change back first, or have it in a fix of its own and roll that back first';
    case 'dependent':
      return 'drop what needs it, which is named, roll back, and make it again where it still fits';
    case 'statement':
    case 'known':
      return null;
  }
}

/** What the server refuses whenever it is asked. A lock that somebody holds is waited for in another try, and a session that is over tells nothing. */
export function isInTheWay(error: unknown): error is DatabaseError {
  return isDatabaseError(error) && !isLostConnection(error) && !isPassing(error);
}

/** Postgres quotes values in a data exception, and a function of the database says what it likes: neither is repeated. */
export function sayError(error: DatabaseError): string {
  const { code = '', message } = error;
  if (isRaised(error)) return `(text withheld: a function of the database raised ${code})`;
  return code.startsWith('22') ? withoutValues(message) : message;
}

/** dependent_objects_still_exist; and feature_not_supported, of a column's type that a view, a policy or a trigger goes by. */
const neededBy = ['2BP01', '0A000'];

/** A statement of the way back that Postgres has refused. What needs what would go stands in the detail, which names objects alone. */
export function describeRefused(sql: string, error: DatabaseError): Obstacle {
  const { code = '', detail } = error;
  const what = `${sql}: ${sayError(error)}`;
  if (detail === undefined || !neededBy.includes(code) || isRaised(error)) return { kind: 'statement', what };
  return { kind: 'dependent', what: `${what}: ${detail.split('\n').join('; ')}` };
}

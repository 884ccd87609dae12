/** Names of what is another from one call to the next, and what is known of a body that uses them. */
import type { Range } from './clauses.js';
import type { Mention, Piece } from './read-pieces.js';

/**
 * `time`: that of the transaction, `day`: what is made of it. `instant`: that of the statement or the clock, which is another in a rehearsal's
 * transaction of many statements. `chance`, `count`, `caller`: what tells this call from others.
 */
export type Moment = 'time' | 'day' | 'instant' | 'chance' | 'count' | 'caller';

export const moments: ReadonlyMap<string, Moment> = new Map([
  ...['now', 'transaction_timestamp', 'current_timestamp', 'localtimestamp'].map(
    (name) => [name, 'time'] as const,
  ),
  ...['current_date', 'current_time', 'localtime'].map((name) => [name, 'day'] as const),
  ...['statement_timestamp', 'clock_timestamp', 'timeofday'].map((name) => [name, 'instant'] as const),
  ...[
    'random',
    'random_normal',
    'array_sample',
    'array_shuffle',
    'gen_random_uuid',
    'gen_random_bytes',
    'uuidv4',
    'uuidv7',
    'uuid_generate_v1',
    'uuid_generate_v1mc',
    'uuid_generate_v4',
  ].map((name) => [name, 'chance'] as const),
  ...['nextval', 'currval', 'lastval'].map((name) => [name, 'count'] as const),
  ...['pg_context', 'pg_exception_context'].map((name) => [name, 'caller'] as const),
]);
/** Written without parentheses. */
export const words = [
  'current_timestamp',
  'localtimestamp',
  'current_date',
  'current_time',
  'localtime',
  'pg_context',
  'pg_exception_context',
];

export interface Around {
  /** What a function of the application answers with, `schema.name` or the name alone. */
  readonly momentOf: (name: string) => Moment | null;
  /** Whether its answer is one of rows, or of who asks. */
  readonly answersByRows: (name: string) => boolean;
}

export interface Source extends Range {
  readonly moment: Moment;
  /** Whether it is the time itself, and nothing made of it. */
  readonly name: string;
}

export type Mentioned = Mention & { readonly from: number; readonly whole: string };

export interface BodyRead {
  readonly pieces: readonly Piece[];
  readonly mentions: readonly Mentioned[];
  readonly loops: readonly Range[];
  /** Variables and columns → since where they hold what of the moment. */
  readonly given: Map<string, { readonly moment: Moment; readonly since: number }>;
  /** Variables that hold nothing but what the text itself says. */
  readonly poor: Set<string>;
  readonly around: Around;
}

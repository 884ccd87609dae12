/** What the SQL of an object asks that no trial can answer, and what else one place of it tells. */

/**
 * `place`: the server, the client, the engine, or nobody knows what. `request`: what other requests may say. `moment`: the time, or
 * chance. `outside`: it reaches out of the database.
 */
export interface Asked {
  readonly of: 'place' | 'request' | 'moment' | 'outside';
  readonly what: string;
}

/** What one place of a body tells. */
export type Finding =
  | { readonly kind: 'asks'; readonly asked: Asked }
  | { readonly kind: 'does' | 'calls' | 'key'; readonly text: string }
  | { readonly kind: 'claims' };

export const asks = (of: Asked['of'], what: string): Finding => ({ kind: 'asks', asked: { of, what } });
export const does = (text: string): Finding => ({ kind: 'does', text });

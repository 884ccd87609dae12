/** The words for what a value of an expression is made of, and sets of them. */

/**
 * What a value is made of. `person`: who asks, whole; `part`: a part of it, or whatever is computed from it; `claims`: all that the
 * token says; `time`: the time; `shown`: a time or the like as the session shows or reads it; `rows`: what rows hold; `nothing`: a constant
 * that is null or empty; `unset`: a setting that may be null, where a connection never made it, and is blank once it was made.
 */
export type Origin = 'person' | 'part' | 'role' | 'claims' | 'time' | 'shown' | 'rows' | 'nothing' | 'unset';
export type Origins = ReadonlySet<Origin>;

export const none: Origins = new Set();
export const of = (...origins: Origin[]): Origins => new Set(origins);
export const union = (all: readonly Origins[]): Origins => new Set(all.flatMap((one) => [...one]));
export const without = (origins: Origins, ...left: Origin[]): Origins =>
  new Set([...origins].filter((one) => !left.includes(one)));

/** Of what is computed from who it is. */
export const withPart = (origins: Origins): Origins =>
  origins.has('person') ? union([without(origins, 'person'), of('part')]) : origins;

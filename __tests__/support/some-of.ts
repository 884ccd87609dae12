/**
 * The suite has ten minutes: it tries some of many alike; where EVERYTHING=1, as in the workflow test.yml, all of them. This is for
 * lists within tests; which tests of a file a run of the whole suite takes, test-environment.js says.
 */

export const triesEverything = process.env.EVERYTHING === '1';

/** The first of each `every`, and the last, which is the newest. */
export function someOf<T>(all: readonly T[], every: number): readonly T[] {
  return triesEverything ? all : all.filter((_, place) => place % every === 0 || place === all.length - 1);
}

/** What a manifest declares under `changes` → whether something that is called so may differ. */
import { escapePattern } from '../../escape-pattern.js';
import type { Bundle } from '../../model.js';

/** As they are written, and what the queries among them found. */
export type Declared = Pick<Bundle, 'changes' | 'changesFound'>;

/** By its name, under a star, or by a name that a query found; `more` are declared elsewhere in the manifest. */
export const declaredIn = (
  { changes, changesFound }: Declared,
  more: readonly string[] = [],
): ((name: string) => boolean) => declaredNames([...changes, ...more], changesFound);

/** By its whole name: a star is written without having read what it stands for. */
export const isNamedIn = ({ changes, changesFound }: Declared, name: string): boolean =>
  changes.includes(name) || changesFound.includes(name);

/** Those of `changes`, as they are written there, that declare one of the names. */
export const thoseThatDeclare = ({ changes }: Declared, names: readonly string[]): string[] =>
  changes.filter((change) => names.some(declaredNames([change])));

/** `constraint * on public.notes`: the star stands for any name. What is found has none that means anything. */
export function declaredNames(
  changes: readonly string[],
  found: readonly string[] = [],
): (name: string) => boolean {
  // Most name one thing, and each is asked about every object there is.
  const isPattern = (change: string) => change.includes('*');
  const whole = new Set([...found, ...changes.filter((change) => !isPattern(change))]);
  const patterns = changes
    .filter(isPattern)
    .map((change) => new RegExp(`^${change.split('*').map(escapePattern).join('.*')}$`, 's'));
  return (name) => whole.has(name) || patterns.some((pattern) => pattern.test(name));
}

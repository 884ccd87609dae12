/** Work that prepares a trial, the setup of scenarios → which rules it has changed by which the trial is to be judged. */
import type { Session } from '../database/with-session.js';
import { nameOf, readObjectsOf } from './preservation/read-objects.js';

/** Who reaches what, and by which functions that is decided. */
const rules = [
  'policy',
  'privilege',
  'grant option',
  'forced row level security',
  'property',
  'function',
  'view',
  'rule',
  'membership',
];

/** What is no rule: the setup may put aside what keeps people from existing. */
const isRule = ({ kind, name }: { readonly kind: string; readonly name: string }): boolean =>
  kind !== 'property' || name === 'row level security' || name === 'owner';

export async function findChangedRules(session: Session, work: () => Promise<unknown>): Promise<string[]> {
  const read = async () =>
    new Map(
      (await readObjectsOf(session, rules))
        .filter(isRule)
        .map((object) => [JSON.stringify([nameOf(object), object.written]), nameOf(object)]),
    );
  const before = await read();
  await work();
  const after = await read();
  const differing = [...before, ...after].filter(([key]) => !before.has(key) || !after.has(key));
  return [...new Set(differing.map(([, name]) => name))];
}

/** A bundle that `init` wrote → what its author does with it, a line each. */
import path from 'node:path';
import { ownName } from './settings/own-name.js';

/** `files` are those of the bundle, from its folder; `ofState` is what to do with its state. */
export function renderNextSteps(
  { folder }: { readonly folder: string },
  files: readonly string[],
  ofState: string,
): string[] {
  const call = ownName(process.argv[1], process.env);
  const parts = ['sections', 'checks', 'access'].filter((part) =>
    files.some((file) => file.split(path.sep)[0] === part),
  );
  const edited = parts.map((part) => path.join(folder, part));
  const steps = [
    [`${call} rehearse --bundle ${folder}`, 'rehearse it on a throwaway Postgres'],
    [`edit ${path.join(folder, 'states/01_what_is_there.sql')}`, ofState],
    [
      `edit ${edited.slice(0, -1).join(', ')} and ${edited.at(-1)}`,
      'say what is to be repaired, and who is to reach what',
    ],
    [`${call} lint --bundle ${folder}`, 'see what can be said without a server'],
  ];
  return steps.flatMap(([what, why]) => [`  ${what}`, `      ${why}`]);
}

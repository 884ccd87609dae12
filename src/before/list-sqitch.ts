/** A folder with `sqitch.plan`, or with `sqitch.conf` that says where it is → the files of `deploy/` that the plan runs, each as it was when the plan came to it. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { assertConfined } from '../bundle/confine.js';

/** A line begins with the change's name; `%` begins what is said of the plan, `@` a tag, `-` a change taken back. */
const step = /^\s*(?:@([^\s@#]+)|\+?\s*([^\s%@#+-][^\s[#]*))/;

interface Change {
  readonly name: string;
  /** That stand between it and the change of the same name that reworks it, the first of them first. */
  readonly tags: string[];
  isReworked: boolean;
}

/** Null where there is neither a plan nor the settings that say where it is. */
export async function listSqitch(folder: string): Promise<string[] | null> {
  const conf = path.join(folder, 'sqitch.conf');
  await assertConfined(conf, folder, conf);
  const settings = readCore(await readFile(conf, 'utf8').catch(() => ''));
  const top = settings.get('top_dir') ?? '.';
  const file = path.join(folder, settings.get('plan_file') ?? path.join(top, 'sqitch.plan'));
  const deploy = path.join(folder, settings.get('deploy_dir') ?? path.join(top, 'deploy'));
  for (const place of [file, deploy]) await assertConfined(place, folder, place);
  const plan = await readFile(file, 'utf8').catch(() => null);
  if (plan === null) return null;
  const changes = readPlan(plan);
  const names = new Set(await readdir(deploy, { recursive: true }).catch(() => []));
  return changes.map(({ name, tags, isReworked }) => {
    // What was deployed then is kept under the name of a tag; the newest has the plain name.
    const kept = isReworked ? tags.map((tag) => `${name}@${tag}.sql`) : [];
    return path.join(
      deploy,
      kept.find((found) => names.has(path.normalize(found))) ?? kept[0] ?? `${name}.sql`,
    );
  });
}

/** `[core]` of its settings, which are written as git's are. */
function readCore(conf: string): Map<string, string> {
  const core = /^\s*\[core\]\s*$([^[]*)/m.exec(conf)?.[1] ?? '';
  return new Map(
    [...core.matchAll(/^\s*(\w+)\s*=\s*"?([^"\r\n#;]*?)"?\s*$/gm)].map(([, key = '', value = '']) => [
      key,
      value,
    ]),
  );
}

function readPlan(plan: string): Change[] {
  const changes: Change[] = [];
  const newest = new Map<string, Change>();
  for (const line of plan.split(/\r?\n/)) {
    const [, tag, name] = step.exec(line) ?? [];
    if (tag !== undefined) for (const change of newest.values()) change.tags.push(tag);
    if (name === undefined) continue;
    const before = newest.get(name);
    if (before !== undefined) before.isReworked = true;
    const change = { name, tags: [], isReworked: false };
    changes.push(change);
    newest.set(name, change);
  }
  return changes;
}

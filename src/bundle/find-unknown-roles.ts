/** A bundle → the roles that its manifest names and none of its files makes, each with the one that may be meant. */
import type { Bundle, SqlFile } from '../model.js';
import type { Remark } from './lint-statements.js';
import { nearNames } from './near-names.js';
import { bothCases, wordsIn } from './words-in.js';

/** A role that the platform makes by a name put together is mentioned all the same. */
export function findUnknownRoles({
  actors,
  deployer,
  manifest,
  platform,
  platforms,
  prelude,
  sections,
  states,
}: Bundle): Remark[] {
  const ofPlatform = platforms.find(({ name }) => name === platform)?.files ?? [];
  const files: readonly SqlFile[] = [
    ...ofPlatform,
    ...prelude,
    ...sections.flatMap(({ file, parts }) => [file, ...parts]),
    ...states.flatMap(({ files }) => files),
  ];
  const words = new Set([...wordsIn(files)].flatMap(bothCases));
  const named = [
    ...actors.map(({ name, role }) => ({ whose: `the actor ${name}`, key: 'role', role })),
    ...(deployer === null ? [] : [{ whose: 'the deployer', key: 'deployer', role: deployer }]),
  ];
  return named
    .filter(({ role }) => !words.has(role) && !role.startsWith('pg_'))
    .map(({ whose, key, role }): Remark => {
      const near = nearNames({ schema: null, name: role }, candidates(ofPlatform));
      const meant = near.length === 0 ? '' : `. ${near.join(' or ')} may be meant`;
      return {
        severity: 'mistake',
        path: 'bundle.yml',
        line: lineOf(manifest.text, key, role),
        text: `${whose}: no role ${role}: ${platform === null ? 'there is no platform' : `the platform ${platform} does not make it`}, and no section or state does${meant}`,
      };
    });
}

/** What looks like a name and not like a word of SQL: long enough, or with a `_`. */
function candidates(files: readonly SqlFile[]) {
  const texts = files.map(({ text }) => text).join('\n');
  const quoted = [...texts.matchAll(/'([a-z_][a-z0-9_]{2,62})'|\brole\s+([a-z_]\w+)/g)];
  return [...new Set(quoted.map(([, literal, own]) => literal ?? own ?? ''))].map((name) => ({
    schema: null,
    name,
    written: name,
  }));
}

function lineOf(manifest: string, key: string, role: string): number {
  const lines = manifest.split('\n');
  const at = lines.findIndex((line) => new RegExp(`\\b${key}:\\s*["']?${role}\\b`).test(line));
  return at < 0 ? 1 : at + 1;
}

/** How this program was called → what somebody types to call it again. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** `schema-fix` where it is installed; by way of npx, npm or node, the words that began with it. */
export function ownName(program: string | undefined, environment: NodeJS.ProcessEnv): string {
  if (program === undefined) return 'schema-fix';
  if (environment.npm_lifecycle_event === 'start') return 'npm start --';
  const [, ofNpx] = /^(.*[/\\]_npx[/\\][0-9a-f]+)[/\\]/.exec(program) ?? [];
  if (ofNpx !== undefined) return callOfNpx(packageOfNpx(ofNpx));
  return /[/\\](dist|lib)[/\\].*\.js$/.test(program)
    ? `node ${path.relative(process.cwd(), program)}`
    : 'schema-fix';
}

/** A path that does not begin here npx takes for a program, and would run the archive. */
function callOfNpx(named: string): string {
  return /^\.[/\\]|^(@[^/]+\/)?[^/\\]+$/.test(named) ? `npx ${named}` : `npx --package=${named} schema-fix`;
}

/** npx writes down what it was told to run. */
function packageOfNpx(folder: string): string {
  try {
    const { _npx } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      _npx?: { packages?: string[] };
    };
    return _npx?.packages?.[0] ?? 'schema-fix';
  } catch {
    return 'schema-fix';
  }
}

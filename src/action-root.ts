/** Where this action lies on disk: its root folder, and the script of the supervisor that belongs to the running build. */
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `src` under jest, `lib` after tsc, `dist` when bundled; a bundle lies in `dist` itself or one folder below. */
function findBuildFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return ['src', 'lib', 'dist'].includes(basename(here)) ? here : dirname(here);
}

/** The folder that holds `action.yml`, `sql` and, in a checkout, `node_modules`. */
export function getActionRoot(): string {
  return dirname(findBuildFolder());
}

/** The program that speaks with the runner's services, built apart from the action. */
export function getRunnerServices(): string {
  const build = findBuildFolder();
  return basename(build) === 'dist'
    ? join(build, 'services', 'index.js')
    : join(getActionRoot(), 'lib', 'publish', 'github', 'runner-services.js');
}

/** A script that plain node can run: sources are not, so a test that runs from `src` needs a built `lib`. */
export function getSupervisorScript(): string {
  const build = findBuildFolder();
  return basename(build) === 'dist'
    ? join(build, 'supervisor', 'index.js')
    : join(getActionRoot(), 'lib', 'postgres', 'supervisor.js');
}

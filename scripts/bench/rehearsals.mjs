/** Rehearsals, whole and as the engine alone, against the same statements over plain connections to the same server. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { run } from '../../lib/run.js';
import { readActionInputs } from '../../lib/settings/action-definition.js';
import { parseSettings } from '../../lib/settings/parse-settings.js';
import { addressOf } from '../address.mjs';
import { recordQueries, replay } from './record.mjs';
import { describeStages, inSeconds, timeStages } from './stage-times.mjs';

const cli = fileURLToPath(new URL('../../lib/cli.js', import.meta.url));
const oneState = '2';

export async function measureRehearsals(server) {
  console.log('\nEngine: one state after the other, against its own statements over plain connections');
  await measureEngine(server, [oneState], 'one state');
  await measureEngine(server, [], 'all states');

  console.log('\nWhole command, server start included');
  const one = await timeCommand(['--state', oneState]);
  const all = await timeCommand([]);
  const further = (all.milliseconds - one.milliseconds) / (all.states - one.states);
  console.log(`  one state             ${inSeconds(one.milliseconds)}`);
  console.log(`  all ${all.states} states         ${inSeconds(all.milliseconds)}`);
  console.log(
    `  each further state    ${inSeconds(further)}   ${(further / one.milliseconds).toFixed(2)} of the first (aim: under 0.25)`,
  );
}

async function measureEngine(server, states, title) {
  const url = addressOf(server.connection);
  const values = new Map([
    ['command', 'rehearse'],
    ['postgres-url', url],
    ['states', states.join(',')],
    ['concurrency', '1'],
  ]);
  const settings = parseSettings({ definitions: readActionInputs(), values });
  const options = { signal: new AbortController().signal };
  const stages = new Map();
  await run(settings, { ...options, progress: () => undefined });

  const {
    result: report,
    queries,
    milliseconds,
  } = await recordQueries(() => run(settings, { ...options, progress: timeStages(stages) }));
  const plain = await replay(server.connection, queries);
  const ratio = milliseconds / plain;
  console.log(
    `  ${title.padEnd(11)} engine ${inSeconds(milliseconds)}, plain ${inSeconds(plain)}: ${ratio.toFixed(2)}× (aim: under 1.3×); ` +
      `${queries.length} messages, ${report.subjects.length} states, ${report.verdict}`,
  );
  console.log(`              where it went: ${describeStages(stages)}`);
}

async function timeCommand(words) {
  const startedAt = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [
    cli,
    'rehearse',
    '--postgres-source',
    'embedded',
    ...words,
  ]);
  const milliseconds = performance.now() - startedAt;
  return {
    milliseconds,
    states: Number(/(\d+) of \d+ states?/.exec(stdout.split('\n').at(-2) ?? '')?.[1] ?? Number.NaN),
  };
}

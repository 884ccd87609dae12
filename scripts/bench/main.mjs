/**
 * Measures the engine against plain SQL on the same server in the same run, and prints ratios: machines are noisy, ratios
 * less so. `npm run bench` measures rehearsals; `npm run bench -- large` the fix on 2 million messages,
 * `npm run bench -- reads` what a member reads of 1 million, `npm run bench -- copy` a sample of a database of 1 million rows,
 * `npm run bench -- traffic` how long the application stalls while the fix is deployed: `traffic ROWS CLIENTS`.
 */
import { withServer } from '../../lib/postgres/with-server.js';
import { measureCopy } from './copy.mjs';
import { measureLargeTable } from './large-table.mjs';
import { measureReads } from './reads.mjs';
import { measureRehearsals } from './rehearsals.mjs';
import { measureTraffic } from './traffic.mjs';

const measures = {
  rehearsals: measureRehearsals,
  large: measureLargeTable,
  reads: measureReads,
  copy: measureCopy,
  traffic: measureTraffic,
};
const [name = 'all', size, clients] = process.argv.slice(2);
const chosen = name === 'all' ? Object.values(measures) : [measures[name]];
if (chosen.includes(undefined)) {
  console.error(`bench: there is no measure "${name}". There are ${Object.keys(measures).join(', ')}.`);
  process.exit(2);
}

const request = { source: 'embedded', major: 17, url: null, image: null };
const options = { progress: () => undefined, signal: new AbortController().signal };
await withServer(request, options, async (server) => {
  console.log(`Postgres ${server.info.version} (${server.info.source}), Node ${process.versions.node}`);
  for (const measure of chosen)
    await measure(server, {
      size: size === undefined ? undefined : Number(size),
      clients: clients === undefined ? undefined : Number(clients),
    });
});

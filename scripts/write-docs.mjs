/** Writes the documents that are made from the program and from `action.yml`. With `--check` it only compares. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { renderManifestSchema } from '../lib/bundle/manifest-schema.js';
import { renderReportSchema } from '../lib/report/report-schema.js';
import { readPins, withPins } from './read-pins.mjs';
import { renderInputs } from './render-inputs.mjs';
import { renderTroubleshooting } from './render-troubleshooting.mjs';
import { digestOfSample, readCurrentSample } from './sample.mjs';

const action = parse(await readFile(new URL('../action.yml', import.meta.url), 'utf8'));

const pins = await readPins();
const withWorkflows = ['README.md', 'docs/recipes.md', 'docs/forks.md'];

const documents = [
  ...(await Promise.all(
    withWorkflows.map(async (path) => {
      const text = await readFile(new URL(`../${path}`, import.meta.url), 'utf8');
      return { path, text: withPins(text, pins) };
    }),
  )),
  { path: 'docs/report.schema.json', text: renderReportSchema() },
  { path: 'docs/bundle.schema.json', text: renderManifestSchema() },
  { path: 'docs/inputs.md', text: renderInputs(action) },
  { path: 'docs/troubleshooting.md', text: renderTroubleshooting() },
];

const isCheck = process.argv.includes('--check');
for (const { path, text } of documents) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  if (!isCheck) {
    await writeFile(file, text);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    console.error(`${path} is out of date. Run: npm run docs`);
    process.exitCode = 1;
  }
}

if (isCheck) {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  if (digestOfSample(readme) !== (await readCurrentSample())) {
    console.error(
      'README.md: its sample output is of other states, checks or scenarios. Run: npm run samples',
    );
    process.exitCode = 1;
  }
}

/** Writes the documents that are made from the program: `docs/report.schema.json`. With `--check` it only compares. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { renderReportSchema } from '../lib/report/report-schema.js';

const documents = [{ path: 'docs/report.schema.json', text: renderReportSchema() }];

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

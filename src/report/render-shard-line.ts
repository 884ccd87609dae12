/** Takes the report of a shard and gives the line of the job summary that stands for it: the merge writes the report. */
import type { Report } from '../model.js';
import { findAnswer } from './answer.js';
import { signedWord } from './comment/signs.js';
import { prose, sentence } from './markdown-text.js';
import { nameOf } from './name-report.js';
import { renderTallies } from './render-headline.js';

export function renderShardLine(report: Report): string {
  const { word, rest } = findAnswer(report);
  const why = report.verdict === 'pass' ? '' : sentence(rest.replace(/^, do not merge/, ''));
  const title = `<sub>${prose(report.bundle.title)}</sub>`;
  return `${signedWord(word)}, ${nameOf(report)}${why} (${renderTallies(report)}) ${title}\n`;
}

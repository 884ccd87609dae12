/** Takes what kept a run from finding anything out; gives the markdown that is told in place of a report. */
import type { ReportContext } from './comment/footer.js';
import { signedWord } from './comment/signs.js';
import { code, codeBlock, link } from './markdown-text.js';

/** Nothing was proven, so that the verdict of an earlier run must not stand any more. Short of any budget. */
export function renderObstacle(text: string, { commit, runUrl }: ReportContext): string {
  const footer = [
    ...(commit ? [`commit ${code(commit.slice(0, 7))}`] : []),
    ...(runUrl ? [link('the run', runUrl)] : []),
  ];
  return [
    `## ${signedWord('NOT PROVEN')}: nothing could be found out`,
    codeBlock(text),
    `<sub>${footer.join(' · ')}</sub>\n`,
  ].join('\n\n');
}

/** Takes what is to be told and what else went wrong; appends it to the job summary, or says why it did not. */
import { appendFile, stat } from 'node:fs/promises';
import { summaryBudget } from '../../report/render-comment.js';
import type { Delivery, Note } from './delivery.js';

/** `path` is the runner's GITHUB_STEP_SUMMARY. */
export async function writeSummary(
  path: string | undefined,
  { renderBody, summaryLine }: Delivery,
  notes: readonly Note[],
): Promise<Note | null> {
  if (path === undefined || path === '') {
    return warning('GITHUB_STEP_SUMMARY is not set: this runner has no job summaries.');
  }
  const footer = notes.map(({ text }) => `\n> [!NOTE]\n> ${text}\n`).join('');
  try {
    const { size } = await stat(path);
    // GitHub drops a summary that is longer; the notes are kept whole.
    const limit = summaryBudget.limit - size - Buffer.byteLength(footer);
    await appendFile(path, (summaryLine ?? renderBody({ ...summaryBudget, limit })) + footer);
    return null;
  } catch (error: unknown) {
    if (!(error instanceof Error && 'code' in error)) {
      throw error;
    }
    return warning(`${path} (GITHUB_STEP_SUMMARY) cannot be written (${error.code}).`);
  }
}

function warning(reason: string): Note {
  return { level: 'warning', text: `The job summary could not be written. ${reason}` };
}

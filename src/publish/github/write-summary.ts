/** Takes markdown that can be rendered to a size; appends it to the job summary, within what GitHub keeps of one. */
import { appendFile, stat } from 'node:fs/promises';
import { summaryBudget } from '../../report/render-comment.js';
import type { Delivery } from './delivery.js';

/** `footer` is kept whole. Throws what the file system throws. */
export async function writeSummary(
  path: string,
  { renderBody, footer }: { readonly renderBody: Delivery['renderBody']; readonly footer: string },
): Promise<void> {
  const { size } = await stat(path);
  const limit = summaryBudget.limit - size - Buffer.byteLength(footer);
  await appendFile(path, renderBody({ ...summaryBudget, limit }) + footer);
}

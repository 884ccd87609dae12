/** Takes a report and gives its JSON, in the order of the published schema, so that two runs diff cleanly. */
import type { Report } from '../model.js';
import { reportSchema } from './report-schema.js';

export function renderJson(report: Report): string {
  return `${JSON.stringify(reportSchema.parse(report), null, 2)}\n`;
}

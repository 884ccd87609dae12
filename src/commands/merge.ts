/** Takes the settings of a merge and gives one report. */
import type { Report } from '../model.js';
import type { MergeSettings } from '../settings/settings.js';

/** Joins what the jobs of a matrix found out. */
export async function merge({ reports, expectedReports }: MergeSettings): Promise<Report> {
  const { readReports } = await import(/* webpackMode: "eager" */ '../report/read-reports.js');
  const { mergeReports } = await import(/* webpackMode: "eager" */ '../report/merge-reports.js');
  return mergeReports({ ...(await readReports(reports)), expectedReports });
}

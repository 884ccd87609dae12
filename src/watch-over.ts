/** Settings of what looks at something deployed → its report, told on the terminal. The same for the action and the command line. */
import type { CarryOptions } from './carry-out.js';
import { readBundle } from './locate-bundle.js';
import { assertWritable, readPageAssets, writeFiles } from './publish/files.js';
import { consoleStyle } from './publish/terminal.js';
import type { ReportContext } from './report/comment/footer.js';
import { describeMonitor } from './report/watch/describe-monitor.js';
import { describeVerify } from './report/watch/describe-verify.js';
import type { Page } from './report/watch/page.js';
import { renderPageOnConsole } from './report/watch/render-console.js';
import { renderPage } from './report/watch/render-markdown.js';
import { withoutSecrets } from './settings/secrets.js';
import type { ReportFiles, WatchSettings } from './settings/settings.js';
import type { WatchReport } from './watched.js';
import { monitor } from './watching/monitor.js';
import { verify } from './watching/verify.js';

/** In the report, and in all that is printed, no secret is left. */
export async function watchOver(
  settings: WatchSettings,
  { secrets, signal }: CarryOptions,
): Promise<WatchReport> {
  await assertWritable({ ...settings.files });
  try {
    const bundle = await readBundle({ bundle: settings.bundle, given: [] });
    const found =
      settings.command === 'monitor'
        ? monitor(settings, bundle, { signal })
        : verify(settings, bundle, { signal });
    const report = withoutSecrets<WatchReport>(await found, secrets);
    const style = consoleStyle({ output: process.stdout, environment: process.env });
    process.stdout.write(renderPageOnConsole(describe(report), style));
    return report;
  } catch (error: unknown) {
    signal.throwIfAborted();
    throw error;
  }
}

export function describe(report: WatchReport): Page {
  return report.command === 'monitor' ? describeMonitor(report) : describeVerify(report);
}

/** Throws one UserError about the files that could not be written. */
export async function writeWatchFiles(
  files: ReportFiles,
  report: WatchReport,
  context: ReportContext | null,
): Promise<void> {
  await writeFiles(files, {
    json: () => `${JSON.stringify(report, null, 2)}\n`,
    markdown: () => renderPage(describe(report), { context, budget: null }),
    html: async () => {
      const { renderWatchHtml } = await import(/* webpackMode: "eager" */ './report/watch/render-html.js');
      const { command, startedAt, bundle } = report;
      const meta = `${command} of ${startedAt}, fix ${bundle.digest.slice(0, 12)}`;
      return renderWatchHtml(describe(report), { title: bundle.title, meta }, await readPageAssets());
    },
    junit: () => '',
  });
}

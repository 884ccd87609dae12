/** Tells a person what is going on: a live view where there is a terminal, plain lines where there is a log. */
import type { Progress, Report } from '../model.js';
import { renderConsole } from '../report/render-console.js';
import type { Clock } from './clock.js';
import { createLiveView } from './terminal-live.js';
import { createLog } from './terminal-log.js';
import type { TerminalOutput } from './terminal-output.js';

export interface Terminal {
  readonly progress: Progress;
  /** Ends the view and prints the report. */
  readonly finish: (report: Report) => void;
  /** Ends the view: the cursor is back and no timer runs. Safe to call twice and after `finish`. */
  readonly close: () => void;
}

export interface TerminalOptions {
  readonly output: TerminalOutput;
  readonly clock: Clock;
  /** Whether NOTICEs and stages are told for every state, not only for a single one. */
  readonly verbose: boolean;
  /** `NO_COLOR`, `FORCE_COLOR`, `TERM` and `GITHUB_ACTIONS` are looked at. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A log has no width of its own; this much fits a page that shows one. */
const logColumns = 160;

export function createTerminal({ output, clock, verbose, environment }: TerminalOptions): Terminal {
  const { isLive, isColored, columns } = consoleStyle({ output, environment });
  const view = isLive
    ? createLiveView({ output, clock, verbose, isColored })
    : createLog({ output, clock, verbose, isColored, isGrouped: environment.GITHUB_ACTIONS === 'true' });
  const told = new Set<string>();
  return {
    progress: (event) => {
      if (event.kind === 'subject-finished') told.add(event.result.name);
      view.progress(event);
    },
    finish: (report) => {
      view.close();
      const areSubjectsTold = report.subjects.every(({ name }) => told.has(name));
      output.write(`\n${renderConsole(report, { isColored, columns, areSubjectsTold })}`);
    },
    close: view.close,
  };
}

/** Whether somebody watches it, in colours, and how wide it is. */
export function consoleStyle({
  output,
  environment,
}: Pick<TerminalOptions, 'environment'> & {
  readonly output: Pick<TerminalOutput, 'isTTY' | 'columns'>;
}): { readonly isLive: boolean; readonly isColored: boolean; readonly columns: number } {
  const isLive = output.isTTY && environment.TERM !== 'dumb';
  return {
    isLive,
    isColored: wantsColor(environment, isLive),
    columns: isLive ? output.columns : logColumns,
  };
}

/** https://no-color.org and https://force-color.org: set and not empty. */
function wantsColor(environment: TerminalOptions['environment'], isLive: boolean): boolean {
  if (environment.NO_COLOR) return false;
  return isLive || Boolean(environment.FORCE_COLOR);
}

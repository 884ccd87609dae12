/** What the terminal views need of a stream; `process.stdout` and `process.stderr` fit. */
import type { Progress } from '../model.js';
import type { Clock } from './clock.js';

export interface TerminalOutput {
  readonly write: (text: string) => unknown;
  readonly isTTY: boolean;
  readonly columns: number;
}

export interface View {
  readonly progress: Progress;
  readonly close: () => void;
}

export interface ViewOptions {
  readonly output: TerminalOutput;
  readonly clock: Clock;
  readonly verbose: boolean;
  readonly isColored: boolean;
}

/** Progress for a log: each line once, no carriage return, nothing that must be erased. */
import { createNarrator } from './narrate.js';
import type { View, ViewOptions } from './terminal-output.js';

export interface LogOptions extends ViewOptions {
  /** Whether GitHub's runner folds what is told until the report, which stays open. */
  readonly isGrouped: boolean;
}

export function createLog({ output, isGrouped, ...options }: LogOptions): View {
  const narrate = createNarrator(options);
  let isOpen = false;
  return {
    progress: (event) => {
      for (const line of narrate(event)) {
        if (isGrouped && !isOpen) output.write('::group::What is being done\n');
        isOpen = true;
        output.write(`${line}\n`);
      }
    },
    close: () => {
      if (isGrouped && isOpen) output.write('::endgroup::\n');
      isOpen = false;
    },
  };
}

/** Progress for a log: each line once, no carriage return, nothing that must be erased. */
import { createNarrator } from './narrate.js';
import type { View, ViewOptions } from './terminal-output.js';

export function createLog({ output, ...options }: ViewOptions): View {
  const narrate = createNarrator(options);
  return {
    progress: (event) => {
      for (const line of narrate(event)) output.write(`${line}\n`);
    },
    close: () => {},
  };
}

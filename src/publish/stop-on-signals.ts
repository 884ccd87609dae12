/** Ctrl-C and its like → an abort signal, so that a run ends by cleaning up. */
import { isLostConnection } from '../database/database-error.js';
import { UserError } from '../errors.js';

export interface Stopping {
  readonly signal: AbortSignal;
  /** Signals mean again what they mean to any process. */
  readonly dispose: () => void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function stopOnSignals(): Stopping {
  const controller = new AbortController();
  const listeners = signals.map((name) => {
    const listener = () => {
      controller.abort(
        new UserError(`Stopped by ${name}. Nothing that was under way is kept.`, { exitCode: 3 }),
      );
    };
    process.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    dispose: () => {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}

/** Of a run that was stopped: its connections are ended, which is no loss of one. */
export function whyEnded(error: unknown, { aborted, reason }: AbortSignal): unknown {
  return aborted && isLostConnection(error) ? reason : error;
}

/** The time, passed in wherever something waits or measures, so that a test can be its own clock. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  readonly now: () => number;
  /** Calls `work` again and again until the returned function is called; does not keep the process alive. */
  readonly every: (milliseconds: number, work: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  every: (milliseconds, work) => {
    const timer = setInterval(work, milliseconds).unref();
    return () => clearInterval(timer);
  },
};

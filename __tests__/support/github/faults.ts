/** Answers that GitHub gives on a bad day, instead of doing what it was asked. */

export interface Fault {
  /** `POST comments`: the method and a part of the path. */
  readonly on: string;
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How often before the day is good again; every time if left out. */
  readonly times?: number;
}

export const forbidden = { status: 403, message: 'Resource not accessible by integration' };
export const secondaryLimit = {
  status: 429,
  message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
};

/** Gives the fault that strikes a request, as long as it has times left. */
export function watchFaults(faults: readonly Fault[]): (method: string, path: string) => Fault | null {
  const left = new Map(faults.map((fault) => [fault, fault.times ?? Number.POSITIVE_INFINITY]));
  return (method, path) => {
    for (const [fault, times] of left) {
      const [onMethod = '', onPath = ''] = fault.on.split(' ');
      if (times > 0 && method === onMethod && path.includes(onPath)) {
        left.set(fault, times - 1);
        return fault;
      }
    }
    return null;
  };
}

/** A terminal that remembers what was written, and a clock that goes when it is told to. */
import type { Clock } from '../../src/publish/clock.js';
import type { TerminalOutput } from '../../src/publish/terminal-output.js';

export interface FakeTerminal extends TerminalOutput {
  readonly written: () => string;
}

export function fakeTerminal(overrides: Partial<TerminalOutput> = {}): FakeTerminal {
  const texts: string[] = [];
  return {
    write: (text: string) => texts.push(text),
    isTTY: false,
    columns: 100,
    ...overrides,
    written: () => texts.join(''),
  };
}

export interface FakeClock extends Clock {
  /** Lets time pass and calls what is due. */
  readonly pass: (milliseconds: number) => void;
  readonly isRunning: () => boolean;
}

export function fakeClock(): FakeClock {
  let now = 0;
  const timers = new Set<{ readonly period: number; readonly work: () => void; due: number }>();
  return {
    now: () => now,
    every: (period, work) => {
      const timer = { period, work, due: now + period };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass: (milliseconds) => {
      const end = now + milliseconds;
      for (;;) {
        const [next] = [...timers].filter(({ due }) => due <= end).sort((one, other) => one.due - other.due);
        if (next === undefined) break;
        now = next.due;
        next.due += next.period;
        next.work();
      }
      now = end;
    },
    isRunning: () => timers.size > 0,
  };
}

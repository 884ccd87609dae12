import { describe, expect, it } from '@jest/globals';
import { UserError } from '../../../src/errors.js';
import { whyEnded } from '../../../src/publish/stop-on-signals.js';

describe('whyEnded', () => {
  const lost = new Error('Connection terminated unexpectedly');
  const stopped = new UserError('Stopped by SIGINT.', { exitCode: 3 });

  it('says of a run that was stopped that it was, not that a connection was lost', () => {
    expect(whyEnded(lost, AbortSignal.abort(stopped))).toBe(stopped);
  });

  it('keeps any other error, and a loss that nobody brought about', () => {
    const other = new Error('x');
    expect(whyEnded(other, AbortSignal.abort(stopped))).toBe(other);
    expect(whyEnded(lost, new AbortController().signal)).toBe(lost);
  });
});

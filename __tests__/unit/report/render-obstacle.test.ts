import { describe, expect, it } from '@jest/globals';
import { renderObstacle } from '../../../src/report/render-obstacle.js';

const run = { commit: 'abcdef1234', runUrl: 'https://github.test/run' };

describe('renderObstacle', () => {
  it('says on its first line that nothing was proven, then why, then where', () => {
    const text = renderObstacle('No such bundle: fix/', run);
    expect(text).toMatch(/^## ❌ NOT PROVEN: nothing could be found out\n/);
    expect(text).toContain('```text\nNo such bundle: fix/\n```');
    expect(text).toContain('commit `abcdef1` · [the run](https://github.test/run)');
  });

  it('stays far below what a comment can hold, and keeps text within its block', () => {
    const text = renderObstacle('```\n@everyone <!-- \n'.repeat(10_000), run);
    expect(text.length).toBeLessThan(20_000);
    expect(text).toContain('````text');
  });
});

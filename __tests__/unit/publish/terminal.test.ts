import { describe, expect, it } from '@jest/globals';
import { createTerminal, type TerminalOptions } from '../../../src/publish/terminal.js';
import { aReport } from '../../support/build-report.js';
import { buildRefusedSubject, buildSubject } from '../../support/build-results.js';
import { fakeClock, fakeTerminal } from '../../support/fake-terminal.js';

/** Apart from the end of a line. */
const anyControl = /[^\P{Cc}\n]/u;

function start({
  isTTY = false,
  columns = 100,
  ...overrides
}: Partial<TerminalOptions> & { isTTY?: boolean; columns?: number } = {}) {
  const output = fakeTerminal({ isTTY, columns });
  const clock = fakeClock();
  const terminal = createTerminal({ output, clock, verbose: false, environment: {}, ...overrides });
  return { ...terminal, output, clock };
}

/** What happens in a run of two states. */
function play({ progress, clock }: ReturnType<typeof start>, planned = 2) {
  progress({ kind: 'postgres-starting', text: 'Starting Postgres 17 (embedded)' });
  clock.pass(900);
  progress({ kind: 'postgres-ready', postgres: { version: '17.10', source: 'embedded' } });
  progress({ kind: 'subjects-planned', count: planned });
  progress({ kind: 'subject-started', subject: 'one', title: 'The first' });
  progress({ kind: 'stage-started', subject: 'one', stage: 'apply' });
  progress({ kind: 'notice', subject: 'one', section: 3, text: 'moved 8 rooms\u001B[2J' });
  clock.pass(1500);
}

function finishBoth({ progress }: ReturnType<typeof start>) {
  progress({ kind: 'subject-finished', result: buildSubject({ name: 'one', milliseconds: 1500 }) });
  progress({
    kind: 'subject-finished',
    result: buildRefusedSubject({ name: 'two', outcome: 'fail', milliseconds: 90 }),
  });
}

describe('createTerminal on a log', () => {
  it('writes one line for Postgres and one for each finished state', () => {
    const terminal = start();
    play(terminal);
    finishBoth(terminal);
    expect(terminal.output.written().split('\n')).toEqual([
      'Starting Postgres 17 (embedded)',
      'Postgres 17.10 (embedded) is ready after 900 ms',
      'PASS  one  (1 of 2 databases, 1.5 s)  8 of 8 checks, 2 of 2 scenarios, 1,095 of 1,095 rows, again: no change',
      'FAIL  two  (2 of 2 databases, 90 ms)  refused',
      '',
    ]);
  });

  it('is folded on GitHub until the report, which names no database a second time', () => {
    const terminal = start({ environment: { GITHUB_ACTIONS: 'true' } });
    play(terminal);
    finishBoth(terminal);
    const subjects = [buildSubject({ name: 'one' }), buildRefusedSubject({ name: 'two' })];
    terminal.finish(aReport({ subjects }));
    terminal.close();
    const [log = '', report = '', ...others] = terminal.output.written().split('::endgroup::\n');
    expect(others).toEqual([]);
    expect(log).toMatch(/^::group::What is being done\nStarting Postgres/);
    expect(log).toMatch(/^PASS {2}one/m);
    expect(report).not.toMatch(/^ +PASS {2}one/m);
    expect(report).toContain('PASS, safe to merge');
  });

  it('names the databases in the report where nobody has told them', () => {
    const terminal = start();
    terminal.finish(aReport({ subjects: [buildSubject({ name: 'one' })] }));
    expect(terminal.output.written()).toMatch(/^ +PASS {2}one/m);
  });

  it('tells stages and notices of a single state, which are its story', () => {
    const terminal = start();
    play(terminal, 1);
    expect(terminal.output.written().split('\n').slice(2)).toEqual([
      'one: The first',
      '  apply',
      '    section 3: moved 8 rooms␛[2J',
      '',
    ]);
  });

  it('tells them of every state to whoever asks', () => {
    const terminal = start({ verbose: true });
    play(terminal);
    expect(terminal.output.written()).toContain('  one: apply\n    one: section 3: moved 8 rooms␛[2J\n');
  });

  it('starts no timer, moves no cursor and colours nothing', () => {
    const terminal = start();
    play(terminal);
    finishBoth(terminal);
    terminal.finish(aReport());
    expect(terminal.clock.isRunning()).toBe(false);
    expect(terminal.output.written()).not.toMatch(anyControl);
  });

  it('colours where FORCE_COLOR asks for it, and NO_COLOR forbids it', () => {
    const forced = start({ environment: { FORCE_COLOR: '1' } });
    finishBoth(forced);
    expect(forced.output.written()).toContain('\u001B[32mPASS');
    const forbidden = start({ environment: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    finishBoth(forbidden);
    expect(forbidden.output.written()).not.toContain('\u001B');
  });

  it('lets no notice command the runner', () => {
    const terminal = start({ verbose: true });
    terminal.progress({ kind: 'postgres-starting', text: '::error::x' });
    terminal.progress({ kind: 'subject-started', subject: '::add-mask::a', title: '##[error]b' });
    expect(terminal.output.written()).toBe(': :error::x\n: :add-mask::a: ## [error]b\n');
  });
});

describe('createTerminal on a terminal', () => {
  it('shows what is running and for how long, and leaves behind what is finished', () => {
    const terminal = start({ isTTY: true, environment: { NO_COLOR: '1' } });
    play(terminal);
    expect(terminal.output.written()).toContain('one  apply  1.5 s');
    expect(terminal.output.written()).toContain('0 of 2 databases, 2.4 s');
    finishBoth(terminal);
    expect(terminal.output.written()).toContain('PASS  one  (1 of 2 databases, 1.5 s)  8 of 8');
  });

  it('keeps every line within the width', () => {
    const terminal = start({ isTTY: true, columns: 40, environment: { NO_COLOR: '1' } });
    terminal.progress({ kind: 'subject-started', subject: 'x'.repeat(200), title: 'long' });
    terminal.clock.pass(200);
    const lines = terminal.output.written().split(/\p{Cc}\[[?\d;]*[A-Za-z]|\n/u);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  it('ends its view before the report and stops its timer', () => {
    const terminal = start({ isTTY: true, environment: { NO_COLOR: '1' } });
    play(terminal);
    terminal.finish(aReport());
    expect(terminal.clock.isRunning()).toBe(false);
    expect(terminal.output.written().trimEnd().split('\n').at(-1)).toMatch(
      /^PASS, safe to merge {2}Comprehensive/,
    );
  });

  it('can be closed twice, and ignores what comes after', () => {
    const terminal = start({ isTTY: true });
    terminal.close();
    terminal.close();
    const before = terminal.output.written();
    play(terminal);
    expect(terminal.output.written()).toBe(before);
  });

  it('does not hide the cursor, which a killed process could not bring back', () => {
    const terminal = start({ isTTY: true });
    play(terminal);
    expect(terminal.output.written()).not.toContain('\u001B[?25l');
  });

  it('writes plain lines where the terminal is dumb', () => {
    const terminal = start({ isTTY: true, environment: { TERM: 'dumb' } });
    play(terminal);
    terminal.finish(aReport());
    expect(terminal.output.written()).not.toMatch(anyControl);
  });
});

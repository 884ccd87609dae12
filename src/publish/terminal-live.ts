/** Progress for a terminal: what is running now and for how long, under what is already known. */
import { createLogUpdate } from 'log-update';
import type { ProgressEvent } from '../model.js';
import { alignColumns, cutToWidth } from '../report/console/align.js';
import { createColors, printable } from '../report/console/style.js';
import { counted, duration } from '../report/words.js';
import { createNarrator } from './narrate.js';
import type { View, ViewOptions } from './terminal-output.js';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMilliseconds = 100;

interface Running {
  readonly since: number;
  stage: string;
}

export function createLiveView({ output, ...options }: ViewOptions): View {
  const { clock, isColored } = options;
  const colors = createColors(isColored);
  const narrate = createNarrator(options);
  // The cursor is left alone: hidden, it would stay so after a SIGKILL.
  const update = createLogUpdate(output as unknown as NodeJS.WritableStream, { showCursor: true });
  const begun = clock.now();
  const elapsed = (since: number) => duration(clock.now() - since);
  const running = new Map<string, Running>();
  let waitingFor: string | null = 'starting';
  let planned = 0;
  let finished = 0;
  let tick = 0;
  let isClosed = false;

  const runningLines = () => {
    if (running.size === 0) return waitingFor === null ? [] : [`${waitingFor}  ${elapsed(begun)}`];
    const rows = [...running].map(([name, { stage, since }]) => [printable(name), stage, elapsed(since)]);
    return alignColumns(rows, [2]);
  };

  const draw = () => {
    const sign = colors.cyan(frames[tick % frames.length] ?? '');
    const lines = runningLines().map((line) => `${sign} ${cutToWidth(line, output.columns - 3)}`);
    const total = `${finished} of ${counted(planned, 'database')}, ${elapsed(begun)}`;
    update([...lines, ...(planned > 1 ? [colors.dim(total)] : [])].join('\n'));
  };

  const follow = (event: ProgressEvent) => {
    if (event.kind === 'postgres-starting') waitingFor = printable(event.text);
    if (event.kind === 'postgres-ready') waitingFor = null;
    if (event.kind === 'subjects-planned') planned = event.count;
    if (event.kind === 'subject-started') running.set(event.subject, { since: clock.now(), stage: '' });
    if (event.kind === 'stage-started') {
      const subject = running.get(event.subject);
      if (subject !== undefined) subject.stage = event.stage;
    }
    if (event.kind === 'subject-finished') {
      running.delete(event.result.name);
      finished += 1;
    }
  };

  const stop = clock.every(frameMilliseconds, () => {
    tick += 1;
    draw();
  });

  return {
    progress: (event) => {
      if (isClosed) return;
      follow(event);
      const lines = event.kind === 'postgres-starting' ? [] : narrate(event);
      if (lines.length > 0) update.persist(lines.join('\n'));
      draw();
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      stop();
      update.clear();
      update.done();
    },
  };
}

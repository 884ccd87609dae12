/** Takes each event and gives the lines worth keeping of it: all that a log says, and what a live view leaves behind. */
import type { ProgressEvent } from '../model.js';
import { createColors, paintVerdict, printable, sentence } from '../report/console/style.js';
import { subjectNumbers } from '../report/console/subjects.js';
import { defuseWorkflowCommands } from '../report/escape.js';
import { count, counted, duration } from '../report/words.js';
import type { Clock } from './clock.js';

export interface NarratorOptions {
  readonly clock: Clock;
  readonly verbose: boolean;
  readonly isColored: boolean;
}

/** Stages and NOTICEs are told when there is one state, where they are the story, and when somebody asks for them. */
export function createNarrator({
  clock,
  verbose,
  isColored,
}: NarratorOptions): (event: ProgressEvent) => string[] {
  const colors = createColors(isColored);
  const begun = clock.now();
  let planned = 0;
  let finished = 0;
  const isTold = () => verbose || planned === 1;
  const prefix = (subject: string) => (planned === 1 ? '' : `${printable(subject)}: `);

  const narrate = (event: ProgressEvent): string[] => {
    switch (event.kind) {
      case 'postgres-starting':
        return [sentence(event.text)];
      case 'postgres-ready': {
        const { version, source } = event.postgres;
        return [
          `Postgres ${printable(version)} (${printable(source)}) is ready after ${duration(clock.now() - begun)}`,
        ];
      }
      case 'subjects-planned':
        planned = event.count;
        return [];
      case 'subject-started':
        return isTold() ? [colors.bold(`${printable(event.subject)}: ${printable(event.title)}`)] : [];
      case 'stage-started':
        return isTold() ? [colors.dim(`  ${prefix(event.subject)}${event.stage}`)] : [];
      case 'notice':
        return isTold()
          ? [colors.dim(`    ${prefix(event.subject)}section ${event.section}: ${printable(event.text)}`)]
          : [];
      case 'waiting':
        return [colors.yellow(`  ${prefix(event.subject)}${sentence(event.text)}`)];
      case 'backup':
        return [sentence(`backup: ${event.text}`)];
      case 'subject-finished': {
        finished += 1;
        const { outcome, name, milliseconds } = event.result;
        const word = paintVerdict(colors, outcome === 'pass' ? 'PASS' : 'FAIL');
        const place = planned > 1 ? `${count(finished)} of ${counted(planned, 'database')}, ` : '';
        const numbers = subjectNumbers(event.result).filter((number) => number !== '');
        const told = [printable(name), colors.dim(`(${place}${duration(milliseconds)})`), numbers.join(', ')];
        return [`${word}  ${told.filter((part) => part !== '').join('  ')}`];
      }
    }
  };
  return (event) => narrate(event).map(defuseWorkflowCommands);
}

/** What becomes of a target's catalog, object by object: made, taken away or changed, with the definition. */
import type { DefinitionChange, Report } from '../../model.js';
import { makeLinesVisible, shorten } from '../escape.js';
import { signOf } from '../say-changes.js';
import { count } from '../words.js';
import { type Colors, printable } from './style.js';

/** Of each definition; the JSON has all of it. */
const mostLines = 8;
const mostObjects = 200;

/** Of a plan, which is made to be read; of a deployment the comment and the JSON have them. */
export function changeLines({ command, subjects }: Report, colors: Colors): string[] {
  if (command !== 'plan') return [];
  const changes = subjects.flatMap((subject) =>
    subject.changes.outcome === 'skipped' ? [] : subject.changes.changes,
  );
  const left = changes.length - mostObjects;
  return [
    ...changes.slice(0, mostObjects).flatMap((change) => linesOf(change, colors)),
    ...(left > 0 ? [`… and ${count(left)} more; the JSON has all`] : []),
  ];
}

/** One object, with its definition below it. */
export function linesOf(change: DefinitionChange, colors: Colors): string[] {
  const { object, before, after } = change;
  const paint = { '+': colors.green, '−': colors.red, '~': colors.yellow }[signOf(change)];
  return [
    paint(`${signOf(change)} ${printable(object)}`),
    ...(after === null || before === null ? [] : definition('was ', before, colors)),
    ...(after === null ? [] : definition(before === null ? '' : 'is  ', after, colors)),
  ];
}

function definition(label: string, text: string, colors: Colors): string[] {
  const lines = makeLinesVisible(text);
  const shown = lines.slice(0, mostLines).map((line) => colors.dim(`    ${label}${shorten(line, 200)}`));
  const left = lines.length - mostLines;
  return left > 0 ? [...shown, colors.dim(`    … and ${count(left)} more lines`)] : shown;
}

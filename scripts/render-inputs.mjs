/** `action.yml`, parsed → `docs/inputs.md`: every input and output, where it is read, and its name on the command line. */
import { inputsOfCommand } from '../lib/settings/parse-settings.js';
import { flagOf } from '../lib/settings/read-arguments.js';

/** The command line prints a script; on GitHub there is nobody to read it. */
const commands = Object.keys(inputsOfCommand).filter((command) => command !== 'sql');

export function renderInputs({ inputs, outputs }) {
  return `${[
    '<!-- Written by `npm run docs` from action.yml and src/settings. Change those. -->',
    '# Inputs and outputs',
    'An input that the chosen `command` does not read is refused, so that a mistake cannot go unseen.',
    ...commands.flatMap((command) => [
      `## \`command: ${command}\``,
      inputTable(inputsOfCommand[command], inputs),
    ]),
    '## Every command',
    inputTable(
      Object.keys(inputs).filter((name) => !isOfSomeCommand(name)),
      inputs,
    ),
    '## Outputs',
    'An output that does not apply is empty. Where the work could not be begun, that is all but `verdict` and `comment-url`.',
    table(
      ['Output', 'What it is'],
      Object.entries(outputs).map(([name, { description }]) => [code(name), description]),
    ),
  ].join('\n\n')}\n`;
}

function inputTable(names, inputs) {
  const rows = names.map((name) => {
    const { description, default: value = '' } = inputs[name];
    const flag = isOfSomeCommand(name) ? code(flagOf(name)) : '';
    return [code(name), value === '' ? '' : code(value), flag, description];
  });
  return table(['Input', 'Default', 'Command line', 'What it is'], rows);
}

function isOfSomeCommand(name) {
  return Object.values(inputsOfCommand).some((names) => names.includes(name));
}

function code(text) {
  return `\`${text}\``;
}

function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

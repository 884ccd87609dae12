/** The text of a migration, without what undoes it → nothing, or a UserError where its tool would run something else than what is written. */
import { basename } from 'node:path';
import { withoutComments } from '../bundle/rewrite-tokens.js';
import { lineAt } from '../bundle/split-statements.js';
import { UserError } from '../errors.js';
import { isNamedByFlyway } from './order-migrations.js';

const ofFlyway = /\$\{[\w.:-]+\}/;

/** From `ENVSUB ON` on, goose puts variables of its environment in the place of `$NAME` and `${NAME}`. */
const turnsOn = /^--[ \t]*\+goose[ \t]+envsub[ \t]+on\b/im;
const turnsOff = /^--[ \t]*\+goose[ \t]+envsub[ \t]+off\b/im;
const ofGoose = /\$\{\w|(?<!\$)\$[A-Za-z_]/;

/** Between line feeds alone, statements have their semicolons as well. */
const ofAtlas = /^--[ \t]*atlas:delimiter[ \t]+(?!(?:\\[nr])+[ \t]*$).*$/im;

/** Whether its tool puts values into it: then all of the text has to be seen. */
export function isFilledIn(path: string, text: string): boolean {
  return isNamedByFlyway(basename(path)) || turnsOn.test(text);
}

export function assertAsWritten(path: string, text: string): void {
  const delimiter = ofAtlas.exec(text);
  if (delimiter !== null)
    throw new UserError(
      `${path}:${lineAt(text, delimiter.index)}: says what ends a statement here, which only Atlas knows (atlas:delimiter). End each with a semicolon, or let Atlas run all migrations on an empty database, and give before its address (postgres://…) or a dump of it.`,
    );
  if (!isFilledIn(path, text)) return;
  const [tool, pattern, filled] = turnsOn.test(text)
    ? (['goose', ofGoose, withinEnvsub(text)] as const)
    : (['Flyway', ofFlyway, text] as const);
  const code = withoutComments(filled);
  const found = pattern.exec(code);
  if (found === null) return;
  const line = lineAt(code, found.index);
  throw new UserError(
    `${path}:${line}: holds a placeholder, in whose place ${tool} puts a value that the file does not say. Let ${tool} run all migrations on an empty database, and give before its address (postgres://…) or a dump of it.`,
  );
}

function withinEnvsub(text: string): string {
  let isOn = false;
  return text
    .split('\n')
    .map((line) => {
      if (turnsOn.test(line)) isOn = true;
      else if (turnsOff.test(line)) isOn = false;
      return isOn ? line : '';
    })
    .join('\n');
}

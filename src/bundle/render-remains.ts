/** The chosen sections → only the SQL of what is in the database afterwards, to be read. */
import type { Bundle, SectionChoice, SqlFile } from '../model.js';
import { renderBody } from './render-body.js';
import { remainsOf } from './render-overview.js';

/**
 * What the whole fix leaves in an empty database, where the bundle shows it; then the files whose header says what of them
 * remains. It is no script: what brings it about is left out.
 */
export function renderRemains(
  bundle: Bundle,
  { sections }: SectionChoice,
  inEmptyDatabase: SqlFile | null,
): string {
  const isWholeFix = sections.length === bundle.sections.length;
  const whole = inEmptyDatabase !== null && isWholeFix ? [inEmptyDatabase.text.trim()] : [];
  const parts = sections.flatMap(({ number, file, parts }) =>
    [file, ...parts].flatMap((part) => {
      const remains = remainsOf(part);
      return remains === null ? [] : [`-- Section ${number}: ${remains}\n\n${renderBody(part)}`];
    }),
  );
  const title = bundle.title.replaceAll(/\s+/g, ' ');
  if (parts.length === 0) return `-- ${title}: no section says what remains of it ("--! Remains: …").\n`;
  const opening = `-- ${title}: what remains in the database. To be read; "schema-fix sql" prints the script.`;
  return `${[opening, ...whole, ...parts].join('\n\n')}\n`;
}

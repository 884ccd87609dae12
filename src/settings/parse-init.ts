/** Inputs of `init` → its settings. */
import type { InputReader } from './input-reader.js';
import type { InitSettings } from './settings.js';

export function parseInit(inputs: InputReader): InitSettings {
  const given = inputs.text('table') ?? 'public.notes';
  const table = given.includes('.') ? given : `public.${given}`;
  if (!/^public\.[a-z_][a-z0-9_]*$/.test(table)) {
    inputs.problem('table', `"${given}" is not a table of public, public.name in lower case`);
  }
  const platform = inputs.text('for') ?? 'plain';
  if (platform !== 'plain' && platform !== 'supabase') {
    inputs.problem('for', `"${platform}" is unknown. It is one of plain, supabase`);
  }
  return {
    command: 'init',
    folder: inputs.text('folder') ?? 'fix',
    title: inputs.text('title'),
    table,
    owner: columnOf(inputs, 'owner', 'author'),
    text: columnOf(inputs, 'text', 'body'),
    platform: platform === 'supabase' ? 'supabase' : 'plain',
  };
}

function columnOf(inputs: InputReader, name: string, standard: string): string {
  const given = inputs.text(name) ?? standard;
  if (!/^[a-z_][a-z0-9_]*$/.test(given)) inputs.problem(name, `"${given}" is not a column, in lower case`);
  return given;
}

/** HTML from templates: whatever is put in is text, also within an attribute, unless it was made here. */
import { makeLinesVisible, makeVisible } from '../escape.js';

export class Markup {
  constructor(readonly text: string) {}
}

export type Content = Markup | string | number | null | false | readonly Content[];

/** Attributes are written with double quotes. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => part + render(contents[index] ?? null)).join(''));
}

/** Code or output, line by line. */
export function lines(text: string): Markup {
  return new Markup(makeLinesVisible(text).map(escapeText).join('\n'));
}

function render(content: Content): string {
  if (content === null || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string') return escapeText(makeVisible(content));
  return typeof content === 'number' ? String(content) : content.map(render).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

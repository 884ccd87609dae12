/** A page of one file, which asks nothing of any network and runs no script but its own. */
import { createHash } from 'node:crypto';
import { type Content, html, Markup } from './markup.js';
import { badge } from './table.js';

/** The texts of `page/`: ours, and written into the page as they are. */
export interface PageAssets {
  readonly style: string;
  readonly script: string;
}

export interface Document {
  readonly word: string;
  /** Goes on from the word: `, safe to merge`. */
  readonly rest: string;
  readonly title: string;
  /** Where the report comes from. */
  readonly meta: string;
  readonly main: Content;
}

export function renderDocument(
  { word, rest, title, meta, main }: Document,
  { style, script }: PageAssets,
): string {
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${word}: ${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header><h1>${badge(word)} <span>${rest.replace(/^[,:]? ?/, '')}</span></h1>
<p>${title} <small>${meta}</small></p></header>
<main>${main}</main>
<script>${new Markup(script)}</script>
</body>
</html>
`;
  return page.text;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

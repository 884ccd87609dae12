/**
 * Renders the golden reports as GitHub would show them, into preview/: HTML always, PNG where a Chromium is found
 * (CHROMIUM names one). `--docs` also refreshes the pictures in docs/images. Looks only; tests compare.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import rehypeRaw from 'rehype-raw';
import rehypeSanitize from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkGfm from 'remark-gfm';
import { remarkAlert } from 'remark-github-blockquote-alert';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { openBrowser } from './open-browser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const goldenFolder = join(root, '__tests__', 'golden');
const previewFolder = join(root, 'preview');
const images = join(root, 'docs', 'images');
const docsPictures = new Map([
  ['all-pass.md', join(images, 'pass.png')],
  ['one-failed-check.md', join(images, 'fail.png')],
]);

const markdown = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkAlert)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSanitize)
  .use(rehypeStringify);

const css = await readFile(
  createRequire(import.meta.url).resolve('github-markdown-css/github-markdown-light.css'),
  'utf8',
);

/** A comment's box as wide as on a pull request. */
function commentPage(body) {
  return page(`
    <div class="comment">
      <div class="header"><b>github-actions</b> <span class="bot">bot</span> commented now</div>
      <div class="markdown-body">${body}</div>
    </div>`);
}

function consolePage(text) {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return page(`<pre class="console">${escaped}</pre>`);
}

function page(body) {
  return `<!doctype html><meta charset="utf-8"><style>${css}
    body { margin: 16px; font-family: -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif; }
    .comment { width: 860px; border: 1px solid #d1d9e0; border-radius: 6px; }
    .header { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0;
      font-size: 14px; color: #59636e; }
    .header b { color: #1f2328; } .bot { border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 7px; font-size: 12px; }
    .markdown-body { padding: 16px; font-size: 14px; }
    .console { display: inline-block; margin: 0; padding: 16px; background: #0d1117; color: #e6edf3;
      font: 13px/1.45 "DejaVu Sans Mono", monospace; }
  </style>${body}`;
}

async function takePicture(browser, html, path) {
  const tab = await browser.newPage({ viewport: { width: 900, height: 600 } });
  await tab.setContent(html);
  const shown = tab.locator('.comment, .console');
  const { height } = await shown.boundingBox();
  await shown.screenshot({ path });
  await tab.close();
  return Math.round(height);
}

const names = (await readdir(goldenFolder)).filter((name) => /\.(md|txt)$/.test(name)).sort();
await mkdir(previewFolder, { recursive: true });
const browser = await openBrowser();
if (browser === null)
  console.log('No Chromium found: HTML only. Set CHROMIUM to the path of one to get pictures.');
for (const name of names) {
  const text = await readFile(join(goldenFolder, name), 'utf8');
  const html = name.endsWith('.md') ? commentPage(String(await markdown.process(text))) : consolePage(text);
  const stem = join(previewFolder, basename(name));
  await writeFile(`${stem}.html`, html);
  if (browser === null) continue;
  console.log(`${await takePicture(browser, html, `${stem}.png`)} pixels: ${name}`);
  const unfolded = html.replaceAll('<details>', '<details open>');
  if (unfolded !== html) await takePicture(browser, unfolded, `${stem}.unfolded.png`);
  const picture = docsPictures.get(name);
  if (picture !== undefined && process.argv.includes('--docs')) {
    await mkdir(images, { recursive: true });
    await takePicture(browser, html, picture);
  }
}
await browser?.close();
console.log(`Rendered ${names.length} golden reports into preview/.`);

/** The page in a browser: what only one can tell. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Report } from '../../../src/model.js';
import { renderHtml } from '../../../src/report/render-html.js';
import { aReport } from '../../support/build-report.js';
import { buildChecks, buildSubject, failingCheck } from '../../support/build-results.js';
import { hostile, seize } from '../../support/hostile-report.js';
import { oneFailedCheck } from '../../support/sample-reports.js';

const root = path.resolve(import.meta.dirname, '../../..');
const { findChromium, openBrowser } = (await import(path.join(root, 'scripts/open-browser.mjs'))) as {
  findChromium: () => string | null;
  openBrowser: () => Promise<Browser | null>;
};
const assets = {
  style: readFileSync(path.join(root, 'page/report.css'), 'utf8'),
  script: readFileSync(path.join(root, 'page/report.js'), 'utf8'),
};

const isThere = findChromium() !== null;
const inBrowser = isThere ? describe : describe.skip;
const title = `a page in Chromium${isThere ? '' : ' (skipped: none is installed; CHROMIUM names one)'}`;

let browser: Browser | null = null;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** Whatever goes wrong in it, and whatever it asks of a network, is told. */
async function openPage(report: Report): Promise<{ page: Page; trouble: string[] }> {
  const page = await (browser as Browser).newPage();
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('console', (message) => trouble.push(message.text()));
  page.on('request', (request) => trouble.push(request.url()));
  await page.setContent(renderHtml(report, assets));
  return { page, trouble };
}

const thousand = () =>
  aReport({
    subjects: Array.from({ length: 1000 }, (_, index) =>
      buildSubject({
        name: `${String(index).padStart(4, '0')}_state`,
        title: `Number ${index}`,
        ...(index % 100 === 7
          ? { outcome: 'fail', checks: buildChecks({ 1: { after: failingCheck({ actual: 'none' }) } }) }
          : {}),
      }),
    ),
  });

inBrowser(title, () => {
  it('is led by keys and by a filter, also through a thousand databases', async () => {
    const { page, trouble } = await openPage(thousand());
    const visible = () => page.locator('tr.state:not([hidden])').count();
    expect(await visible()).toBe(1000);
    await page.keyboard.press('f');
    expect(await visible()).toBe(10);
    await page.keyboard.press('/');
    await page.keyboard.type('number 407');
    expect(await visible()).toBe(1);
    expect(await page.locator('#shown').textContent()).toBe('1 of 1000');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const opened = page.locator('details.subject:not([hidden])');
    expect(await opened.getAttribute('open')).toBe('');
    expect(await opened.locator('summary').textContent()).toContain('0407_state');
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('is led by the hash of its address, and opens nothing by one that is malformed', async () => {
    const { page, trouble } = await openPage(thousand());
    const isOpen = () => page.locator('#d-400').getAttribute('open');
    // The page's own listener was added first, and has run when this one is called.
    const goTo = (hash: string) =>
      page.evaluate(
        `new Promise((told) => { addEventListener('hashchange', told, { once: true }); location.hash = '${hash}'; }).then(() => null)`,
      );
    await goTo('#%E0%A4%A');
    expect(trouble).toEqual([]);
    expect(await isOpen()).toBeNull();
    await goTo('#d-400');
    expect(await isOpen()).toBe('');
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('prints what failed, opened, and no tools', async () => {
    const { page } = await openPage(oneFailedCheck());
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('.tools').isVisible()).toBe(false);
    expect(await page.locator('details.subject[open]').count()).toBe(2);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  }, 60_000);

  it('shows hostile text as text', async () => {
    const { page, trouble } = await openPage(seize(oneFailedCheck()));
    expect(await page.evaluate('[window.seized, document.images.length, document.scripts.length]')).toEqual([
      undefined,
      0,
      1,
    ]);
    expect(await page.locator('tr.state th').first().textContent()).toContain(hostile);
    expect(trouble).toEqual([]);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('can be read in %s colours', async (colorScheme) => {
    const { page } = await openPage(oneFailedCheck());
    await page.emulateMedia({ colorScheme });
    const [back, fore] = (await page.evaluate(
      '(({ backgroundColor, color }) => [backgroundColor, color])(getComputedStyle(document.body))',
    )) as string[];
    const brightness = (colour = '') =>
      (colour.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    expect(Math.abs(brightness(back) - brightness(fore))).toBeGreaterThan(380);
    await page.close();
  });
});

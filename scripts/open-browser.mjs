/** A Chromium of this machine, for pictures and for what only a browser can tell; CHROMIUM names one. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const knownChromiums = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** null: there is none. */
export function findChromium() {
  return knownChromiums.find((path) => path && existsSync(path)) ?? null;
}

/** null: there is none, so there is nothing to look at. */
export async function openBrowser() {
  const executablePath = findChromium();
  if (executablePath === null) return null;
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

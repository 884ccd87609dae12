/**
 * npm run console: the application's own calls against the data API, from a page in headless Chromium. Its console and its network
 * hold 403, 409 and 500 on three broken chats, and no error once the fix is deployed to them. `-- --evidence FILE` writes it down.
 */
import { randomBytes } from 'node:crypto';
import { withServer } from '../lib/postgres/with-server.js';
import { deployChat, quietly, withBrokenChat } from './broken-chat.mjs';
import { howToInstall, loadLite } from './console/lite-api.mjs';
import { withApplication } from './console/serve-application.mjs';
import { createStandIn } from './console/stand-in-api.mjs';
import { createToken } from './console/tokens.mjs';
import { watchPage } from './console/watch-page.mjs';
import { keepEvidence } from './keep-evidence.mjs';
import { openBrowser } from './open-browser.mjs';
import { personId } from './people.mjs';

/** The room is one that they are in. */
const chats = [
  { state: '04', me: 'ann', room: 'club' },
  { state: '03', me: 'ben', room: 'only-chat-rooms' },
  { state: '30', me: 'ann', room: 'club' },
];
const symptoms = [403, 409, 500];

const browser = await openBrowser();
if (browser === null) {
  console.error(
    'No Chromium is installed here, so the console of none was looked at. Install one, or give its path: CHROMIUM=/path/to/chromium npm run console',
  );
  process.exit(2);
}
const lite = await loadLite();
const speaker = lite === null ? 'a stand-in for the data API' : '@supabase/lite';
console.log(
  lite === null
    ? `The data API is spoken by a stand-in of this repository; by @supabase/lite after ${howToInstall}.`
    : 'The data API is spoken by @supabase/lite.',
);

async function look(target, { me, room }) {
  const secret = randomBytes(32).toString('base64url');
  const person = (name) => ({ id: personId(name), token: createToken(name, secret) });
  const session = { me: person(me), friend: person('gil'), newcomer: person('zoe'), room: personId(room) };
  // What it has learnt of the schema is of the moment.
  const api = lite === null ? { ask: createStandIn(target), close: () => undefined } : lite(target, secret);
  try {
    return await withApplication({ api: api.ask, session }, (address) => watchPage(browser, address));
  } finally {
    await api.close();
  }
}

function describe({ refused, errors, answers }) {
  const statuses = [...new Set(refused)].sort().map((status) => {
    const times = refused.filter((one) => one === status).length;
    return `${status}${times > 1 ? ` (${times} times)` : ''}`;
  });
  return `${answers} answers, ${statuses.join(', ') || 'none of them an error'}; ${errors.length} errors in the console`;
}

const seen = { before: [], after: [], calls: 0 };
try {
  await withServer({ source: 'embedded', major: null, url: null, image: null }, quietly, async (server) => {
    for (const chat of chats) {
      await withBrokenChat(
        server.connection,
        async (target) => {
          console.log(`state ${chat.state}`);
          const before = await look(target, chat);
          console.log(`  before the fix: ${describe(before)}`);
          await deployChat(target);
          const after = await look(target, chat);
          console.log(`  after the fix:  ${describe(after)}`);
          for (const text of after.errors) console.log(`    ${text}`);
          seen.before.push(...before.refused);
          seen.after.push(...after.errors, ...after.refused);
          seen.calls += after.answers;
        },
        { state: chat.state },
      );
    }
  });
} finally {
  await browser.close();
}
const missed = symptoms.filter((status) => !seen.before.includes(status));
if (missed.length > 0)
  console.log(`Not seen before the fix, so its absence shows nothing: ${missed.join(', ')}`);
keepEvidence({
  command: 'npm run console',
  criterion: 'Browser console shows no schema errors',
  isMet: missed.length === 0 && seen.after.length === 0 && seen.calls > 0,
  shown: `${seen.after.length} errors in ${seen.calls} calls on ${chats.length} repaired chats, in Chromium ${browser.version()}, by ${speaker}; before the fix ${symptoms.filter((status) => !missed.includes(status)).join(', ')}`,
});

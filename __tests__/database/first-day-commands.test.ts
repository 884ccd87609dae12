/** What `npm run console` and `npm run realtime` look at, before the fix and after it; the browser only where there is one. */
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { getActionRoot } from '../../src/action-root.js';
import { chooseStates } from '../../src/bundle/choose-states.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import { withTransaction } from '../../src/database/with-transaction.js';
import type { State } from '../../src/model.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { applyBundle } from '../support/apply-bundle.js';
import { withBuiltState } from '../support/built-state.js';
import { loadChatBundle } from '../support/chat-bundle.js';
import { usePlatformDatabases } from '../support/server.js';
import { triesEverything } from '../support/some-of.js';

type Api = (request: Request) => Promise<Response>;
interface Answer {
  readonly status: number;
  readonly body: unknown;
}
interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly prefer?: string;
}
interface People {
  readonly me: object;
  readonly friend: object;
  readonly newcomer: object;
  readonly room: string;
}

const script = (name: string) => import(path.join(getActionRoot(), 'scripts', name));
const { createStandIn } = (await script('console/stand-in-api.mjs')) as {
  createStandIn: (target: ConnectionSettings) => Api;
};
const { useApplication } = (await script('console/use-application.js')) as {
  useApplication: (
    page: { ask: (token: string, call: Call) => Promise<Answer>; complain: (text: string) => void },
    people: People,
  ) => Promise<void>;
};
const { withApplication } = (await script('console/serve-application.mjs')) as {
  withApplication: <T>(
    served: { api: Api; session: People },
    use: (address: string) => Promise<T>,
  ) => Promise<T>;
};
const { watchPage } = (await script('console/watch-page.mjs')) as {
  watchPage: (
    browser: Browser,
    address: string,
  ) => Promise<{ errors: string[]; refused: number[]; answers: number }>;
};
const { createToken } = (await script('console/tokens.mjs')) as {
  createToken: (name: string, secret: string) => string;
};
const { observe } = (await script('realtime/observe.mjs')) as {
  observe: (session: Session) => Promise<{ refused: unknown; arrived: boolean; told: string[] }>;
};
const { personId } = (await script('people.mjs')) as { personId: (name: string) => string };
const { findChromium, openBrowser } = (await script('open-browser.mjs')) as {
  findChromium: () => string | null;
  openBrowser: () => Promise<Browser | null>;
};

const bundle = await loadChatBundle();
const databases = usePlatformDatabases(bundle.platforms);

/** `look` is asked twice. */
function aroundTheFix<T>(
  number: string,
  look: (target: ConnectionSettings) => Promise<T>,
): Promise<{ before: T; after: T }> {
  const [state] = chooseStates(bundle.states, { names: [number], shard: null }) as [State];
  return withBuiltState(databases(), bundle, state, async ({ connection, deployer }) => {
    const target = connection as ConnectionSettings;
    const before = await look(target);
    await withSession(deployer, (session) => withTransaction(session, () => applyBundle(session, bundle)));
    return { before, after: await look(target) };
  });
}

function peopleOf(me: string, room: string): People {
  const person = (name: string) => ({ id: personId(name), token: createToken(name, 'secret') });
  return { me: person(me), friend: person('gil'), newcomer: person('zoe'), room: personId(room) };
}

/** What went wrong in a session of the application, without a browser. */
async function useChat(target: ConnectionSettings, people: People): Promise<(number | string)[]> {
  const api = createStandIn(target);
  const wrong: (number | string)[] = [];
  const ask = async (token: string, { method, path: asked, body, prefer }: Call): Promise<Answer> => {
    const headers = { authorization: `Bearer ${token}`, ...(prefer === undefined ? {} : { prefer }) };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await api(new Request(`http://double/rest/v1/${asked}`, init));
    if (answer.status >= 400) wrong.push(answer.status);
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  };
  await useApplication({ ask, complain: (text) => wrong.push(text) }, people);
  return wrong;
}

describe("the application's own calls", () => {
  const others: [string, string, string, number][] = triesEverything ? [['30', 'ann', 'club', 403]] : [];
  it.each<[string, string, string, number]>([['03', 'ben', 'only-chat-rooms', 409], ...others])(
    'of state %s end in errors before the fix, and in none after it',
    async (state, me, room, status) => {
      const { before, after } = await aroundTheFix(state, (target) => useChat(target, peopleOf(me, room)));
      expect(before).toContain(status);
      expect(after).toEqual([]);
    },
  );

  it('end in errors before the fix, where policies recurse; after it a message arrives through realtime, for members alone', async () => {
    const { before, after } = await aroundTheFix('04', async (target) => ({
      wrong: await useChat(target, peopleOf('ann', 'club')),
      realtime: await withSession(target, observe),
    }));
    expect(before.wrong).toContain(500);
    expect(before.realtime).toMatchObject({ arrived: false, told: [] });
    expect(after).toEqual({ wrong: [], realtime: { refused: null, arrived: true, told: ['ann', 'ben'] } });
  });
});

const isThere = findChromium() !== null;
(isThere ? describe : describe.skip)(
  `a page in Chromium${isThere ? '' : ' (skipped: none is installed; CHROMIUM names one)'}`,
  () => {
    it('holds in its console and its network what the calls end in', async () => {
      const browser = (await openBrowser()) as Browser;
      try {
        const { before, after } = await aroundTheFix('04', (target) =>
          withApplication({ api: createStandIn(target), session: peopleOf('ann', 'club') }, (address) =>
            watchPage(browser, address),
          ),
        );
        expect(before.refused).toContain(500);
        expect(before.errors.join('\n')).toContain('status of 500');
        expect(after).toMatchObject({ errors: [], refused: [] });
        expect(after.answers).toBeGreaterThan(10);
      } finally {
        await browser.close();
      }
    });
  },
);

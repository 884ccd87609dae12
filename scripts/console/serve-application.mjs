/** The page and the data API behind one address of this machine, as a browser meets them. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

const files = {
  '/': ['page.html', 'text/html'],
  '/use-application.js': ['use-application.js', 'text/javascript'],
};

/** `api` takes a Request and gives a Response; `use` is given the address. */
export async function withApplication({ api, session }, use) {
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url, 'http://127.0.0.1');
    if (url.pathname.startsWith('/rest/v1/')) {
      const body = await text(incoming);
      const init = { method: incoming.method, headers: incoming.headers };
      const answer = await api(new Request(url, body === '' ? init : { ...init, body }));
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' });
      outgoing.end(await answer.text());
      return;
    }
    const [file, type] = files[url.pathname] ?? [];
    if (file !== undefined) {
      outgoing.writeHead(200, { 'content-type': type });
      outgoing.end(readFileSync(new URL(file, import.meta.url)));
    } else if (url.pathname === '/session.json') {
      outgoing.writeHead(200, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify(session));
    } else {
      // A browser asks for an icon of its own accord.
      outgoing.writeHead(204).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${server.address().port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

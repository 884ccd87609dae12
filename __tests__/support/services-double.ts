/** A plain server that says what GitHub's services for artifacts and for caches, and their store of blobs, say, and keeps what it is sent. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SentArtifact {
  readonly name: string;
  readonly expiresAt: string;
  /** The zip archive. */
  readonly content: Buffer;
  readonly finalizedSize: string;
}

export interface ServicesDouble {
  /** What the runner gives an action. */
  readonly environment: Readonly<Record<string, string>>;
  readonly artifacts: readonly SentArtifact[];
  /** The keys of what the cache has. */
  readonly cached: () => string[];
}

const service = '/twirp/github.actions.results.api.v1.ArtifactService';
const cacheService = '/twirp/github.actions.results.api.v1.CacheService';

/** `refuses`: creating one is forbidden, as where the storage is used up; of a cache, as in the run of a fork. */
export async function withRunnerServices<T>(
  { refuses = false }: { readonly refuses?: boolean },
  work: (double: ServicesDouble) => Promise<T>,
): Promise<T> {
  const begun = new Map<string, { expiresAt: string; blocks: Map<string, Buffer> }>();
  const artifacts: SentArtifact[] = [];
  /** By key and version, as the service does; a key stands once. */
  const caches = new Map<string, { blob: string; isWhole: boolean }>();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    const body = await readBody(request);
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (pathname.startsWith(service)) {
      if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { msg: 'no token' });
      const asked = JSON.parse(body.toString()) as Record<string, string>;
      const name = asked.name ?? '';
      if (pathname.endsWith('/CreateArtifact')) {
        if (refuses) return answer(403, { code: 'permission_denied', msg: 'no storage left' });
        if (begun.has(name))
          return answer(409, { code: 'already_exists', msg: 'an artifact of this name exists' });
        begun.set(name, { expiresAt: asked.expiresAt ?? asked.expires_at ?? '', blocks: new Map() });
        return answer(200, { ok: true, signed_upload_url: `${origin()}/blob/${name}?sig=secret-signature` });
      }
      const known = begun.get(name);
      if (known === undefined) return answer(404, { msg: 'not created' });
      const content = Buffer.concat([...known.blocks.values()]);
      artifacts.push({ name, expiresAt: known.expiresAt, content, finalizedSize: asked.size ?? '' });
      return answer(200, { ok: true, artifact_id: String(4710 + artifacts.length) });
    }
    if (pathname.startsWith(cacheService)) {
      if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { msg: 'no token' });
      const { key = '', version = '' } = JSON.parse(body.toString()) as Record<string, string>;
      const name = `${key} ${version}`;
      const found = caches.get(name);
      const blob = `cache-${caches.size}`;
      if (pathname.endsWith('/CreateCacheEntry')) {
        if (refuses)
          return answer(200, { ok: false, message: 'cache write denied: the token may only read' });
        if (found !== undefined) return answer(200, { ok: false, message: 'this key is there' });
        caches.set(name, { blob, isWhole: false });
        begun.set(blob, { expiresAt: '', blocks: new Map() });
        return answer(200, { ok: true, signed_upload_url: `${origin()}/blob/${blob}?sig=secret-signature` });
      }
      if (pathname.endsWith('/FinalizeCacheEntryUpload') && found !== undefined) {
        found.isWhole = true;
        return answer(200, { ok: true, entry_id: '7' });
      }
      return found?.isWhole
        ? answer(200, {
            ok: true,
            matched_key: key,
            signed_download_url: `${origin()}/blob/${found.blob}?sig=secret-signature`,
          })
        : answer(200, { ok: false });
    }
    const known = begun.get(decodeURIComponent(pathname.replace('/blob/', '')));
    if (known === undefined || searchParams.get('sig') !== 'secret-signature') return answer(403, {});
    if (request.method === 'GET' || request.method === 'HEAD') {
      const content = Buffer.concat([...known.blocks.values()]);
      response
        .writeHead(200, { 'content-length': content.length })
        .end(request.method === 'GET' ? content : undefined);
      return;
    }
    if (searchParams.get('comp') !== 'blocklist') known.blocks.set(searchParams.get('blockid') ?? '', body);
    response.writeHead(201, { etag: '"1"', 'last-modified': new Date(0).toUTCString() }).end();
  });
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const environment = {
      ACTIONS_RUNTIME_TOKEN: token,
      ACTIONS_RESULTS_URL: `${origin()}/`,
      ACTIONS_CACHE_SERVICE_V2: 'true',
    };
    const cached = () => [...caches.keys()].map((name) => name.split(' ')[0] ?? '');
    return await work({ environment, artifacts, cached });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = `${part({ alg: 'none' })}.${part({ scp: 'Actions.Results:run-of-the-test:job-of-the-test' })}.`;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A plain server that says what GitHub's services for artifacts and for caches, and their store of blobs, say, and keeps what it is sent. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
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

/** Blob → what was put into it, block by block. */
type Store = Map<string, Map<string, Buffer>>;

interface Surroundings {
  readonly store: Store;
  /** Where a blob is put and got. */
  readonly addressOf: (blob: string) => string;
  readonly refuses: boolean;
}

/** What is called, and what it is given → status and value. */
type Service = (method: string, asked: Readonly<Record<string, string>>) => readonly [number, unknown];

const services = '/twirp/github.actions.results.api.v1.';
const signature = 'secret-signature';

/** `refuses`: creating one is forbidden, as where the storage is used up; of a cache, as in the run of a fork. */
export async function withRunnerServices<T>(
  { refuses = false }: { readonly refuses?: boolean },
  work: (double: ServicesDouble) => Promise<T>,
): Promise<T> {
  const store: Store = new Map();
  const artifacts: SentArtifact[] = [];
  const caches: Caches = new Map();
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const addressOf = (blob: string) => `${origin()}/blob/${blob}?sig=${signature}`;
  const serve: Readonly<Record<string, Service>> = {
    ArtifactService: serveArtifacts(artifacts, { store, addressOf, refuses }),
    CacheService: serveCaches(caches, { store, addressOf, refuses }),
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    const body = await readBody(request);
    if (!url.pathname.startsWith(services)) return serveBlob(store, { request, response, url, body });
    const [service = '', method = ''] = url.pathname.slice(services.length).split('/');
    const isKnown = request.headers.authorization === `Bearer ${token}`;
    const [status, value] = isKnown
      ? (serve[service]?.(method, JSON.parse(body.toString())) ?? [404, { msg: 'no such service' }])
      : [401, { msg: 'no token' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  });
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

function serveArtifacts(sent: SentArtifact[], { store, addressOf, refuses }: Surroundings): Service {
  const expiries = new Map<string, string>();
  return (method, { name = '', expiresAt, expires_at, size = '' }) => {
    const blocks = store.get(name);
    if (method === 'CreateArtifact') {
      if (refuses) return [403, { code: 'permission_denied', msg: 'no storage left' }];
      if (blocks !== undefined)
        return [409, { code: 'already_exists', msg: 'an artifact of this name exists' }];
      expiries.set(name, expiresAt ?? expires_at ?? '');
      store.set(name, new Map());
      return [200, { ok: true, signed_upload_url: addressOf(name) }];
    }
    if (blocks === undefined) return [404, { msg: 'not created' }];
    const content = join(blocks);
    sent.push({ name, expiresAt: expiries.get(name) ?? '', content, finalizedSize: size });
    return [200, { ok: true, artifact_id: String(4710 + sent.length) }];
  };
}

/** By key and version, as the service does; a key stands once. */
type Caches = Map<string, { readonly blob: string; isWhole: boolean }>;

function serveCaches(caches: Caches, { store, addressOf, refuses }: Surroundings): Service {
  return (method, { key = '', version = '' }) => {
    const name = `${key} ${version}`;
    const found = caches.get(name);
    if (method === 'CreateCacheEntry') {
      if (refuses) return [200, { ok: false, message: 'cache write denied: the token may only read' }];
      if (found !== undefined) return [200, { ok: false, message: 'this key is there' }];
      const blob = `cache-${caches.size}`;
      caches.set(name, { blob, isWhole: false });
      store.set(blob, new Map());
      return [200, { ok: true, signed_upload_url: addressOf(blob) }];
    }
    if (method === 'FinalizeCacheEntryUpload' && found !== undefined) {
      found.isWhole = true;
      return [200, { ok: true, entry_id: '7' }];
    }
    return found?.isWhole
      ? [200, { ok: true, matched_key: key, signed_download_url: addressOf(found.blob) }]
      : [200, { ok: false }];
  };
}

interface BlobCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Buffer;
}

function serveBlob(store: Store, { request, response, url, body }: BlobCall): void {
  const blocks = store.get(decodeURIComponent(url.pathname.replace('/blob/', '')));
  if (blocks === undefined || url.searchParams.get('sig') !== signature) {
    response.writeHead(403, { 'content-type': 'application/json' }).end('{}');
    return;
  }
  if (request.method === 'GET' || request.method === 'HEAD') {
    const content = join(blocks);
    response.writeHead(200, { 'content-length': content.length });
    response.end(request.method === 'GET' ? content : undefined);
    return;
  }
  if (url.searchParams.get('comp') !== 'blocklist') blocks.set(url.searchParams.get('blockid') ?? '', body);
  response.writeHead(201, { etag: '"1"', 'last-modified': new Date(0).toUTCString() }).end();
}

function join(blocks: ReadonlyMap<string, Buffer>): Buffer {
  return Buffer.concat([...blocks.values()]);
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = `${part({ alg: 'none' })}.${part({ scp: 'Actions.Results:run-of-the-test:job-of-the-test' })}.`;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** postgresql.conf of a throwaway server: private, quick rather than durable, and the same on every machine. */

export interface ServerAddress {
  /** The folder of the unix socket, or a loopback address where there are none. */
  readonly host: string;
  readonly port: number;
}

export function renderServerSettings({ host, port }: ServerAddress): string {
  const settings = {
    ...(host.startsWith('/')
      ? { listen_addresses: '', unix_socket_directories: host }
      : { listen_addresses: host, unix_socket_directories: '' }),
    port,
    // Its data outlives nothing, so nothing waits for the disk. Commits stay synchronous: that costs nothing without fsync,
    // and a logical slot that is read right after a commit would otherwise miss it.
    fsync: 'off',
    full_page_writes: 'off',
    wal_level: 'logical',
    max_wal_size: '512MB',
    dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'mmap',
    // Neither of these may take a lock or a second that a report would then ascribe to the fix.
    autovacuum: 'off',
    jit: 'off',
    max_connections: 100,
    max_locks_per_transaction: 256,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Why it did not start, and why it died; the errors of statements reach whoever ran them.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    log_line_prefix: '',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
    .join('');
}

/** The data API as `@supabase/lite` speaks it to a real Postgres, where somebody has installed it: it is no dependency of ours. */

export const howToInstall = 'npm install --no-save @supabase/lite@0.10.0 postgres@3';

/** null: it is not there. */
export async function loadLite() {
  // It is a guest, and tells nobody where it has been.
  Object.assign(process.env, { LITE_TELEMETRY: '0', DO_NOT_TRACK: '1' });
  try {
    const [{ App }, { createPostgresConnection }] = await Promise.all([
      import('@supabase/lite'),
      import('@supabase/lite/postgres'),
    ]);
    return (connection, secret) => createLite({ App, createPostgresConnection }, connection, secret);
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
}

function createLite({ App, createPostgresConnection }, { host, port, user, password, database }, secret) {
  const connection = createPostgresConnection({
    url: `postgres://localhost:${port}/${database}`,
    postgresOptions: {
      path: `${host}/.s.PGSQL.${port}`,
      user,
      password,
      database,
      ssl: false,
      onnotice: () => undefined,
    },
  });
  const app = new App({
    connection,
    auth: { enabled: true, jwt_secret: secret },
    options: { server: { apiKeys: false } },
  });
  return { ask: (request) => app.fetch(request), close: () => connection.close() };
}

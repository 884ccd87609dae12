import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { differences } from '../../src/database/fingerprint.js';
import { withFolder } from '../support/notes-bundle.js';
import { dump, installedPgDump, type PgDump } from '../support/pg-dump.js';
import { type LoadedProject, loadInto, type Projects, withProjects } from '../support/project-database.js';
import { withTestServer } from '../support/server.js';

const project = path.resolve(import.meta.dirname, '../fixtures/before/project.sql');
const pgDump = installedPgDump;

/** The project, dumped in each way and loaded into another database: what became of it, beside what it was. */
async function reload(
  projects: Projects,
  ways: readonly (readonly string[])[],
  look: (loaded: LoadedProject, source: LoadedProject, way: number) => Promise<void>,
): Promise<void> {
  const program = pgDump;
  if (program === null) throw new Error('there is no pg_dump');
  await withFolder((folder) =>
    projects.withProject(async (from) => {
      const source = await loadInto(from, [project]);
      expect(source.problem).toBeNull();
      for (const [way, options] of ways.entries()) {
        const file = path.join(folder, String(way));
        await dump(program, from.connection, file, options);
        await projects.withProject(async (to) => look(await loadInto(to, [file]), source, way));
      }
    }),
  );
}

/** The schemas of the project's own. */
const own = ['--schema=public', '--schema=app'];

const withRows: readonly (readonly [string, readonly string[]])[] = [
  ['plain, its rows as COPY', own],
  ['plain, its rows as INSERT', ['--inserts', ...own]],
  ['plain, a row with named columns each', ['--column-inserts', ...own]],
  ['plain, several rows an INSERT', ['--rows-per-insert=50', ...own]],
  ['plain, with what takes away what is there', ['--clean', '--if-exists', ...own]],
  ['plain, with what takes away what is not there', ['--clean', ...own]],
  ['plain, without owners', ['--no-owner', ...own]],
  ['plain, its owners by session authorization', ['--use-set-session-authorization', ...own]],
  ['plain, triggers off meanwhile', ['--disable-triggers', ...own]],
  ['plain, every name in quotes', ['--quote-all-identifiers', ...own]],
  ['plain, compressed', ['--compress=6', ...own]],
  ['the custom form', ['--format=custom', ...own]],
  ['the tar form', ['--format=tar', ...own]],
  ['the directory form', ['--format=directory', ...own]],
];

(pgDump === null ? describe.skip : describe)(`pg_dump ${pgDump?.major}`, () => {
  const server = { source: 'installed', major: pgDump?.major ?? null } as const;
  const onServer = (work: (projects: Projects) => Promise<void>) =>
    withTestServer(server, ({ connection }) => withProjects({ server: connection }, work));

  it('is loaded as it is, in whatever form, and nothing is another than it was', async () => {
    const ways = withRows.map(([, options]) => options);
    await onServer((projects) =>
      reload(projects, ways, async (loaded, source, way) => {
        const [form] = withRows[way] ?? [];
        const found = { form, problem: loaded.problem, leftOut: loaded.loading.leftOut };
        expect(found).toEqual({ form, problem: null, leftOut: [] });
        expect([form, differences(source.catalog, loaded.catalog)]).toEqual([form, []]);
        expect([form, differences(source.rows, loaded.rows)]).toEqual([form, []]);
      }),
    );
  }, 180_000);

  it('is loaded whole: what is the host’s stays as the host has it, and all that is left out is about that', async () => {
    await onServer((projects) =>
      reload(projects, [[], ['--format=custom'], ['--create']], async (loaded, source) => {
        expect(loaded.problem).toBeNull();
        // Granting again what the host has granted adds grantors there.
        const ofProject = differences(source.catalog, loaded.catalog).filter(
          (object) =>
            !/ (auth|cron|extensions|graphql|graphql_public|net|realtime|storage|vault)\b/.test(object),
        );
        expect(ofProject).toEqual([]);
        expect(differences(source.rows, loaded.rows)).toEqual([]);
        const kinds = new Set(loaded.loading.leftOut.map(({ kind }) => kind));
        expect([...kinds].filter((kind) => !['host', 'comment', 'database'].includes(kind))).toEqual([]);
        expect(loaded.loading.leftOut.length).toBeGreaterThan(10);
      }),
    );
  }, 180_000);

  it('brings rows alone to a schema that other files made', async () => {
    await onServer((projects) =>
      withFolder((folder) =>
        projects.withProject(async (from) => {
          const source = await loadInto(from, [project]);
          const [schema, rows] = [path.join(folder, '1.sql'), path.join(folder, '2.sql')];
          await dump(pgDump as PgDump, from.connection, schema, ['--schema-only', ...own]);
          await dump(pgDump as PgDump, from.connection, rows, ['--data-only', '--disable-triggers', ...own]);
          await projects.withProject(async (to) => {
            const loaded = await loadInto(to, [schema, rows]);
            expect(loaded.problem).toBeNull();
            expect(differences(source.catalog, loaded.catalog)).toEqual([]);
            expect(differences(source.rows, loaded.rows)).toEqual([]);
          });
        }),
      ),
    );
  }, 60_000);
});

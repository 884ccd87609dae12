import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { execa } from 'execa';
import { withFolder } from '../support/notes-bundle.js';
import { cliPath } from '../support/run-cli.js';

/** As pg_dump writes it, with the settings that suit it. */
const dump = `
SET check_function_bodies = false;
SET client_min_messages = warning;
SET row_security = off;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA public;
SET default_tablespace = '';
CREATE TABLE public.notes (id bigint NOT NULL, writer text, body text);
ALTER TABLE public.notes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.notes_id_seq);
INSERT INTO public.notes OVERRIDING SYSTEM VALUE VALUES (1, 'ann', 'bread');
SELECT pg_catalog.setval('public.notes_id_seq', 1, true);
ALTER TABLE ONLY public.notes ADD CONSTRAINT notes_pkey PRIMARY KEY (id);
`;

it('a dump of somebody is a starting schema, and its settings end with it', async () => {
  await withFolder(async (folder) => {
    await writeFile(path.join(folder, 'schema.sql'), dump);
    const words = ['--bundle', '__tests__/fixtures/bundles/notes', '--before', `${folder}/*.sql`];
    const { exitCode, stdout } = await execa('node', [cliPath, 'rehearse', '--rollback', 'false', ...words], {
      reject: false,
    });
    expect(stdout).toMatch(/PASS, safe to merge {2}Notes belong to somebody: 1 of 1 database/);
    expect(exitCode).toBe(0);
  });
});

/** The notes bundle on what `before` gives. */
async function rehearseBefore(text: string, ...more: readonly string[]) {
  return withFolder(async (folder) => {
    await writeFile(path.join(folder, 'schema.sql'), text);
    const report = path.join(folder, 'report.json');
    const words = [
      '--bundle',
      '__tests__/fixtures/bundles/notes',
      '--before',
      `${folder}/schema.sql`,
      '--json',
      report,
    ];
    const { exitCode, stdout } = await execa(
      'node',
      [cliPath, 'rehearse', '--rollback', 'false', ...words, ...more],
      {
        reject: false,
      },
    );
    return { exitCode, stdout, report: await readFile(report, 'utf8') };
  });
}

it('what only the host can run is left out and listed, and strict makes it a failure', async () => {
  const text = `${dump}CREATE EXTENSION no_such_extension;\n`;
  const left = await rehearseBefore(text);
  expect(left.stdout).toMatch(
    /INFO +Was it loaded whole\? +11 of 12 statements; 1 left out, of which the fix can meet none\n +left out: .*schema\.sql:13: CREATE EXTENSION no_such_extension: extension "no_such_extension" is not available\n/,
  );
  expect(left.exitCode).toBe(0);
  const strict = await rehearseBefore(text, '--strict');
  expect(strict.stdout).toContain('Loading, where nothing may be left out');
  expect(strict.exitCode).toBe(1);
});

it('what rows hold is withheld', async () => {
  const secret = 'the-secret-of-ann';
  const inTheWay = `${dump}CREATE TABLE public.twice (word text);\nINSERT INTO public.twice VALUES ('${secret}'), ('${secret}');\nCREATE UNIQUE INDEX ON public.twice (word);\n`;
  const { report, stdout } = await rehearseBefore(inTheWay);
  expect(stdout).toContain('could not create unique index');
  expect(stdout + report).not.toContain(secret);
});

it('what rows hold is withheld where the fix meets them, as on a target', async () => {
  const secret = 'the-secret-of-ann';
  const text = `${dump}ALTER TABLE public.notes ADD CONSTRAINT not_renamed CHECK (writer IS NULL OR body <> '');
CREATE SCHEMA notes_quarantine;
CREATE TABLE notes_quarantine.rows (source_table text NOT NULL, reason text CHECK (reason = 'another'), row_data jsonb);
INSERT INTO public.notes OVERRIDING SYSTEM VALUE VALUES (2, NULL, '${secret}');
`;
  const { report, stdout } = await rehearseBefore(text);
  expect(stdout).toMatch(/violates check constraint "rows_reason_check"/);
  expect(stdout + report).not.toContain(secret);
});

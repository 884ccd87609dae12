import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { execa } from 'execa';
import { withFolder } from '../support/notes-bundle.js';

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
    const { exitCode, stdout } = await execa('node', ['lib/cli.js', 'rehearse', ...words], { reject: false });
    expect(stdout).toMatch(/PASS {2}Notes belong to somebody: 1 of 1 state/);
    expect(exitCode).toBe(0);
  });
});

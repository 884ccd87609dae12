/** A folder → a Bundle, or one UserError that lists everything that is wrong with it. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.js';
import type { Actor, Bundle, BundleSetting, Check, Fact, Preserved, SqlFile } from '../model.js';
import {
  listSqlFiles,
  type NumberedFile,
  readSqlFileIfThere,
  refuseTransactionControl,
} from './list-sql-files.js';
import { loadPlatforms } from './load-platforms.js';
import type { Manifest } from './manifest-schema.js';
import { criteriaOf } from './read-criteria.js';
import { indexHeaders, readHeaders, titleOf } from './read-headers.js';
import { readManifest } from './read-manifest.js';
import { monitoringOf } from './read-monitor.js';
import { listWithParts } from './read-parts.js';
import { readRead } from './read-read.js';
import { readScenario } from './read-scenario.js';
import { readSections } from './read-sections.js';
import { readState } from './read-state.js';
import { refuseAskingTheSession } from './refuse-asking-the-session.js';
import { refuseMisnamed } from './refuse-misnamed.js';
import { refuseLimits, refuseReachingOut, refuseSetval } from './refuse-what-stays.js';

const setupName = 'setup.sql';

/** `sqlFolder` is the engine's own `sql/`, where the shipped platforms are. */
export async function loadBundle(folder: string, sqlFolder: string): Promise<Bundle> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new UserError(`bundle: there is no folder ${folder}. Give the folder that holds bundle.yml.`);
  }

  const problems: string[] = [];
  await refuseMisnamed(folder, problems);
  const read = await readManifest(folder, problems);
  const manifest = read?.manifest ?? null;
  const actors = manifest ? actorsOf(manifest) : [];
  const settings = manifest ? settingsOf(manifest) : null;
  const prelude = (await listWithParts(folder, 'prelude', 'file of the prelude', problems)).flatMap(
    ({ file, parts }) => [readTitled(file, problems), ...parts],
  );
  const sections = await readSections(folder, problems);
  const inTheFix = [...prelude, ...sections.flatMap(({ file, parts }) => [file, ...parts])];
  refuseLimits(inTheFix, problems);
  const checks = (await listSqlFiles(folder, 'checks', problems)).map((file) => readCheck(file, problems));
  refuseAskingTheSession(checks, problems);
  const verify = (await listSqlFiles(folder, 'verify', problems)).map((file) => readCheck(file, problems));
  const prepare = (await listSqlFiles(folder, 'prepare', problems)).map((file) => readCheck(file, problems));
  const reads = (await listSqlFiles(folder, 'reads', problems)).map((file) => readRead(file, problems));
  const scenarioFiles = await listSqlFiles(folder, 'scenarios', problems, { others: [setupName] });
  // Without the manifest every actor would be unknown; one message about the manifest is enough.
  const scenarios = manifest ? scenarioFiles.map((file) => readScenario(file, actors, problems)) : [];
  const criteria = manifest ? criteriaOf(manifest.criteria, { checks, scenarios }, problems) : [];
  const scenarioSetup = await readSetup(folder, 'scenarios', problems);
  const accessSetup = await readSetup(folder, 'access', problems);
  const accessRules = (await listSqlFiles(folder, 'access', problems, { others: [setupName] })).map((file) =>
    readCheck(file, problems),
  );
  const others = [
    ...[...checks, ...verify, ...prepare, ...reads, ...accessRules, ...scenarioFiles].map(({ file }) => file),
    ...[scenarioSetup, accessSetup].filter((file) => file !== null),
  ];
  refuseSetval([...inTheFix, ...others], problems);
  refuseReachingOut([...inTheFix, ...others], problems);
  const states = (await listSqlFiles(folder, 'states', problems, { maySetRole: true })).map((file) =>
    readState(file, settings, problems),
  );
  if (sections.length === 0) problems.push('sections/: holds no section. A fix has one at least.');
  if (checks.length === 0) problems.push('checks/: holds no check. Without one nothing could be proven.');

  const names = [manifest?.platform, ...states.map((state) => state.platform)];
  const platforms = await loadPlatforms(
    names.filter((name) => name != null),
    [folder, sqlFolder],
    problems,
  );

  if (problems.length > 0 || read === null || manifest === null || settings === null) {
    const count = problems.length === 1 ? 'one thing is' : `${problems.length} things are`;
    throw new UserError(
      `bundle ${folder}: ${count} wrong.\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
  }
  const content = {
    title: manifest.title,
    platforms,
    platform: manifest.platform,
    deployer: manifest.deployer,
    tables: manifest.tables,
    claims: manifest.claims,
    quarantine: manifest.quarantine,
    imported: manifest.imported,
    preserve: preservedOf(manifest),
    adds: manifest.adds,
    drops: manifest.drops,
    changes: manifest.changes.filter((change) => typeof change === 'string'),
    changesFrom: manifest.changes.flatMap((change) => (typeof change === 'string' ? [] : [change.query])),
    changesFound: [],
    keyed: manifest.keyed,
    settings,
    monitor: monitoringOf(manifest.monitor),
    criteria,
    actors,
    prelude,
    access: {
      ...manifest.access,
      differences: manifest.access.differences.map((difference) => ({
        ...difference,
        ...(difference.columns === null
          ? { columns: null, columnsFrom: null }
          : columnsOf(difference.columns)),
      })),
      rules: accessRules,
      setup: accessSetup,
    },
    prepare,
    sections,
    checks,
    verify,
    reads,
    scenarios,
    scenarioSetup,
    states,
  };
  return {
    folder: path.resolve(folder),
    manifest: { path: 'bundle.yml', text: read.text },
    digest: digestOf(content),
    ...content,
  };
}

/** Its keys and files come in a fixed order, with one kind of line end: the same on every machine. */
function digestOf(content: Omit<Bundle, 'folder' | 'manifest' | 'digest'>): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

function readTitled(file: SqlFile, problems: string[]): SqlFile {
  titleOf(file, indexHeaders(file, readHeaders(file, problems), ['Title'], problems), problems);
  return file;
}

function readCheck({ number, file }: NumberedFile, problems: string[]): Check {
  const headers = indexHeaders(file, readHeaders(file, problems), ['Title'], problems);
  return { number, title: titleOf(file, headers, problems), file };
}

/** A connection that served somebody else before keeps the names of the settings, without their values. */
function actorsOf(manifest: Manifest): Actor[] {
  const actors = Object.entries(manifest.actors);
  const keys = actors.flatMap(([, { session }]) => Object.keys(session));
  const blank = Object.fromEntries(keys.map((key) => [key, '']));
  return actors.map(([name, actor]) => ({
    name,
    ...actor,
    session: { ...blank, ...actor.session },
    subject:
      typeof actor.claims.sub === 'string' ? actor.claims.sub : (Object.values(actor.session)[0] ?? null),
  }));
}

function preservedOf(manifest: Manifest): Preserved[] {
  return manifest.preserve.map(({ merge, not_copied: notCopied, ...preserved }) => ({
    ...preserved,
    merge: merge !== false,
    notCopied: 'query' in notCopied ? [] : notCopied,
    notCopiedFrom: 'query' in notCopied ? notCopied.query : null,
    yields: typeof merge === 'boolean' ? [] : merge,
    quarantine: preserved.quarantine.map(({ reason, when = null }) => ({ reason, when })),
    facts: Object.entries(preserved.facts).map(
      ([name, { columns, compared_as: comparedAs, made_unique: isMadeUnique, ...fact }]) => ({
        name,
        ...columnsOf(columns),
        ...fact,
        comparedAs,
        isMadeUnique,
      }),
    ),
  }));
}

/** Where the prelude gives them, there are none until then. */
function columnsOf(
  columns: readonly string[] | { readonly query: string },
): Pick<Fact, 'columns' | 'columnsFrom'> {
  return 'query' in columns ? { columns: [], columnsFrom: columns.query } : { columns, columnsFrom: null };
}

function settingsOf(manifest: Manifest): BundleSetting[] {
  return Object.entries(manifest.settings).map(([name, { type, description, default: value }]) => ({
    name,
    type,
    description,
    value: Array.isArray(value) ? value : String(value),
    isGiven: false,
  }));
}

async function readSetup(folder: string, subfolder: string, problems: string[]): Promise<SqlFile | null> {
  const file = await readSqlFileIfThere(folder, `${subfolder}/${setupName}`, problems);
  if (file !== null) refuseTransactionControl(file, problems, false);
  return file;
}

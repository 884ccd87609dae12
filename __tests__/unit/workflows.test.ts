import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { type LanguageService, openLanguageService } from '../support/language-service.js';
import { findInjections, findSplit, findUnpinned, findUploadedOnce } from '../support/workflow-rules.js';

const root = path.resolve(import.meta.dirname, '../..');
const workflows = readdirSync(path.join(root, '.github/workflows')).map(
  (name) => `.github/workflows/${name}`,
);
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions?: Readonly<Record<string, string>>;
        readonly steps?: readonly { readonly run?: string; readonly uses?: string }[];
      }
    >
  >;
}

function withoutPermissions(jobs: Workflow['jobs']): string[] {
  return Object.entries(jobs)
    .filter(([, { permissions }]) => permissions === undefined)
    .map(([name]) => name);
}

let service: LanguageService;

beforeAll(async () => {
  service = await openLanguageService(root);
});

describe('our workflows and action', () => {
  it('are looked at', () => {
    expect(workflows).toContain('.github/workflows/rehearse.yml');
  });

  it.each(['action.yml', ...workflows])('%s is valid, says GitHub', async (name) => {
    expect(await service.findMistakes(name, read(name))).toEqual([]);
  });

  it.each(workflows)('%s pins every action of others by commit', (name) => {
    expect(findUnpinned(read(name))).toEqual([]);
  });

  it('use each action at one commit', () => {
    expect(findSplit(workflows.map(read))).toEqual([]);
  });

  it.each(workflows)(
    '%s can be run again: its artifacts take the place of those of the attempt before',
    (name) => {
      expect(findUploadedOnce(read(name))).toEqual([]);
    },
  );

  it.each(workflows)('%s puts nothing from outside into a shell', (name) => {
    expect(findInjections(read(name))).toEqual([]);
  });

  it.each(workflows)('%s grants no permission to the whole workflow but to read', (name) => {
    const { permissions, jobs } = parse(read(name)) as Workflow;
    const inherits = permissions === undefined && name.endsWith('/rehearse.yml');
    expect(inherits ? {} : permissions).toEqual(permissions?.contents ? { contents: 'read' } : {});
    // What is called has its caller's, but in one job it says what it needs.
    if (inherits) expect(withoutPermissions(jobs)).toEqual(['merge']);
  });

  it('a job of the reusable workflow asks its caller for nothing but to read: they may want no comment', () => {
    const { jobs } = parse(read('.github/workflows/rehearse.yml')) as Workflow;
    const asked = Object.values(jobs).flatMap(({ permissions = {} }) => Object.entries(permissions));
    expect(asked).toEqual([['contents', 'read']]);
  });

  it('the tag of the major is not among those that only maintainers may push', () => {
    expect(read('CONTRIBUTING.md')).toContain('a ruleset that lets only maintainers push tags `v*.*.*`');
    const release = read('.github/workflows/release.yml');
    expect(release).toContain('"repos/$GH_REPO/git/refs/tags/$major"');
    // GitHub refuses that to a workflow's token where main's workflows are others by now.
    expect(release).toMatch(/::error::\$major was not moved\. Move it: git push --force/);
  });

  it('every file of dist that is run is attested', () => {
    const patterns = [...read('.github/workflows/release.yml').matchAll(/^ +dist\/\*\*\/\*(\.\w+)$/gm)].map(
      ([, ending]) => ending,
    );
    const files = readdirSync(path.join(root, 'dist'), { recursive: true, encoding: 'utf8' });
    const run = files
      .map((name) => path.extname(name))
      .filter((ending) => /^\.(\w*js|wasm|node)$/.test(ending));
    expect([...new Set(run)].sort()).toEqual(patterns.sort());
  });

  it('a stale dist is built before it is uploaded', () => {
    const { steps } = (parse(read('.github/workflows/check-dist.yml')) as Workflow).jobs.check ?? {};
    const runs = (steps ?? []).map(({ run, uses }) => run ?? uses?.replace(/@.*/, ''));
    expect(runs.slice(-3)).toEqual(['npm run check', 'npm run package', 'actions/upload-artifact']);
  });

  it.each(workflows)('%s never runs the code of a fork with our permissions', (name) => {
    expect(read(name)).not.toMatch(/pull_request_target|ref: .*(head|pull_request)/);
  });
});

describe('the report of a fork', () => {
  const test = parse(read('.github/workflows/test.yml'));
  const forkReport = parse(read('.github/workflows/fork-report.yml'));
  const [, download, merge] = forkReport.jobs.comment.steps;
  const { if: condition } = forkReport.jobs.comment;
  const { 'postgres-versions': majors, shards, 'comment-key': key } = test.jobs.majors.with;

  it('is posted after the workflow that rehearses', () => {
    expect(forkReport.on.workflow_run.workflows).toEqual([test.name]);
    expect(download.with.pattern).toBe(`schema-fix-report-${key}-*`);
    expect(merge.with['comment-key']).toBe(key);
  });

  it('is posted of a run that found something out, and of no other', () => {
    const told = /contains\(fromJSON\('(.*?)'\), github\.event\.workflow_run\.conclusion\)/.exec(condition);
    expect(JSON.parse(told?.[1] ?? '')).toEqual(['success', 'failure', 'timed_out']);
  });

  it('is expected from every job of the matrix', () => {
    expect(merge.with['expected-reports']).toBe(majors.split(',').length * shards);
  });
});

describe('what would be caught', () => {
  const workflow = (...steps: string[]) =>
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`;

  it.each([
    ['an unknown key', 'on: push\njobs:\n  a:\n    runs-in: ubuntu-latest\n', /runs-in/],
    ['a job that another needs and that is not there', `${workflow('run: ls')}    needs: [b]\n`, /b/],
    [
      'an expression that is none',
      workflow('run: ls', `run: ls\n        if: $\{{ inputs. }}`),
      /expression/i,
    ],
    ['a context that is not there', workflow("run: ls\n        if: steps.none.outcome == 'x'"), /none/],
    [
      'an input that our action does not have',
      workflow('uses: ./\n        with:\n          bundel: x'),
      /bundel/,
    ],
    [
      'an input that another action does not have',
      workflow(`uses: actions/checkout@${'a'.repeat(40)}\n        with:\n          reff: x`),
      /reff/,
    ],
    [
      'an input that our reusable workflow does not have',
      'on: push\njobs:\n  a:\n    uses: ./.github/workflows/rehearse.yml\n    with:\n      shard: 2\n',
      /shard/,
    ],
    ['what is no YAML', 'on: push\njobs: {', /./],
  ])('%s', async (_, text, message) => {
    expect(await service.findMistakes('.github/workflows/broken.yml', text)).toEqual(
      expect.arrayContaining([expect.stringMatching(message)]),
    );
  });

  it.each([
    ['node19', 'name: a\ndescription: a\nruns:\n  using: node19\n  main: a.js\n'],
    ['no main', 'name: a\ndescription: a\nruns:\n  using: node24\n'],
  ])('an action with %s', async (_, text) => {
    expect(await service.findMistakes('action.yml', text)).not.toEqual([]);
  });

  it.each([
    'uses: actions/checkout@v6',
    '- uses: actions/checkout@main',
    `uses: actions/checkout@${'a'.repeat(40)}`,
    `uses: actions/checkout@${'a'.repeat(39)} # v6.0.2`,
    `"uses": actions/checkout@v6`,
    'uses: docker://alpine:3',
  ])('%s', (line) => {
    expect(findUnpinned(`    ${line}`)).toEqual([line]);
  });

  it('an action at two commits, and a commit with two versions', () => {
    const uses = (name: string, commit: string, version: string) =>
      `uses: ${name}@${commit.repeat(40)} # ${version}`;
    const one = uses('a/b', 'a', 'v1.0.0');
    expect(findSplit([one, uses('a/b/c', 'a', 'v1.0.0'), uses('a/d', 'd', 'v2.0.0')])).toEqual([]);
    expect(findSplit([one, uses('a/b/c', 'b', 'v1.0.0')])).toEqual(['a/b']);
    expect(findSplit([one, uses('a/b', 'a', 'v1.0.1')])).toEqual(['a/b']);
  });

  it('an artifact that a second attempt could not upload', () => {
    const upload = `uses: actions/upload-artifact@${'a'.repeat(40)} # v7.0.1\n        with:\n          name: `;
    const attempt = `b-$\{{ github.run_attempt }}`;
    const steps = [`${upload}a`, `${upload}${attempt}`, `${upload}c\n          overwrite: true`];
    expect(findUploadedOnce(workflow(...steps))).toEqual(['a']);
    expect(findUploadedOnce(workflow(`${upload}a`.replace('v7.0.1', 'v3.2.1-node20')))).toEqual([]);
  });

  it('an input in a script', () => {
    const script = `echo $\{{ github.event.pull_request.title }}`;
    expect(findInjections(workflow('run: ls', `run: ${script}`))).toEqual([script]);
  });
});

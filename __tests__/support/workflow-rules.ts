/** What the language service does not ask of a workflow: every action pinned by commit, nothing from outside in a shell. */
import { parse } from 'yaml';

/** Lines whose action somebody else could change under us; our own lie beside the workflow. */
export function findUnpinned(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /^\s*(-\s+)?["']?uses["']?\s*:/.test(line))
    .filter((line) => !/uses: \.\//.test(line))
    .filter((line) => !/uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(line))
    .map((line) => line.trim());
}

/** Actions that are used at two commits, and commits that are called by two versions: one of the two was forgotten. */
export function findSplit(texts: readonly string[]): string[] {
  const pins = texts.flatMap((text) => [...text.matchAll(/uses: ([\w-]+\/[\w-]+)\S*@(\w{40}) # (\S+)/g)]);
  const ways = new Map<string, Set<string>>();
  for (const [, action = '', commit = '', version = ''] of pins)
    ways.set(action, (ways.get(action) ?? new Set()).add(`${commit} # ${version}`));
  return [...ways].filter(([, found]) => found.size > 1).map(([action]) => action);
}

/** Artifacts that a second attempt could not upload: a run refuses a name that it has, from version 4 on. */
export function findUploadedOnce(text: string): string[] {
  const steps = text
    .split(/^(?=\s*- )/m)
    .filter((step) => /uses: actions\/upload-artifact@\w+ # v([4-9]|\d\d)\./.test(step));
  return steps
    .filter((step) => !/^\s*overwrite: true\b/m.test(step) && !step.includes('github.run_attempt'))
    .map((step) => /^\s*name: (.*)$/m.exec(step)?.[1] ?? 'artifact');
}

/** Scripts with an expression in them: its text would become part of the program. Values go through `env`. */
export function findInjections(text: string): string[] {
  return scriptsIn(parse(text)).filter((script) => script.includes('${{'));
}

function scriptsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'run' && typeof value === 'string' ? [value] : scriptsIn(value),
  );
}

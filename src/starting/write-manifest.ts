/** A plan → bundle.yml. */
import { writeTableName } from '../bundle/table-name.js';
import type { Actor } from '../model.js';
import { keyOf, otherRoles, type Plan, usersOf } from './plan.js';
import type { Table } from './there.js';
import { platformOf } from './write-platform.js';

export function writeManifest(plan: Plan): string {
  const { title, deployer, tables, owned } = plan;
  const reason = 'everybody reached the rows of everybody';
  const differences = [...owned.keys()].flatMap((table) =>
    ['read', 'change', 'delete', 'add'].map(
      (verb) =>
        `    - { table: ${inFlow(table)}, verb: ${verb}, outcome: lost, when: open, reason: ${reason} }`,
    ),
  );
  return `${[
    '# yaml-language-server: $schema=./bundle.schema.json',
    `title: ${JSON.stringify(title)}`,
    `platform: ${platformOf(plan).name}`,
    `deployer: ${deployer}   # who owns the tables and applies the fix; no superuser`,
    'tables:',
    ...tables.map(({ name }) => `  - ${writeTableName(name)}`),
    'preserve:               # no row may be lost, and these are told by their keys',
    ...tables.flatMap((table) => writeKind(table, plan)),
    ...(differences.length > 0
      ? [
          'access:                 # who reaches which row afterwards is in access/; this is what they lose by it',
          '  differences:',
          ...differences,
        ]
      : []),
    'actors:                 # who the scenarios and the proof of access speak of',
    ...usersOf(plan).map(writeUser),
    ...otherRoles(plan).map((role) => `  ${role}: { role: ${role} }`),
  ].join('\n')}\n`;
}

/** Where YAML would read a bracket or a comma of the name. */
function inFlow(table: string): string {
  const written = writeTableName(table);
  return written === table ? table : JSON.stringify(written);
}

function writeUser({ name, role, subject }: Actor): string {
  const claims = subject === null ? '' : `, claims: { sub: ${JSON.stringify(subject)} }`;
  return `  ${name}: { role: ${role}${claims} }`;
}

function writeKind(table: Table, plan: Plan): string[] {
  const known = keyOf(plan, table);
  const columns = known.length > 0 ? known : table.columns.slice(0, 1).map(({ name }) => name);
  const facts = columns.map((name, index) => {
    const type = table.columns.find((column) => column.name === name)?.type ?? '';
    const told = type === 'uuid' || type === 'bigint' ? type : 'text';
    return `      ${index === 0 ? 'key' : `key_${index + 1}`}: { columns: [${JSON.stringify(name)}], type: ${told} }`;
  });
  return [
    `  - name: ${JSON.stringify(table.name)}`,
    `    from: [${inFlow(table.name)}]`,
    `    to: [${inFlow(table.name)}]`,
    '    facts:',
    ...facts,
  ];
}

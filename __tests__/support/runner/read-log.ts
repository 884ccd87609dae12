/** What a step wrote to its output, as the runner understands it: commands obeyed, secrets hidden. */

export interface LogCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

export interface Log {
  /** What a person can read. */
  readonly text: string;
  readonly commands: readonly LogCommand[];
}

const command = /^\s*::([a-z-]+)(?: ([^:]*(?:%3A[^:]*)*))?::(.*)$/;

export function readLog(output: string): Log {
  const commands: LogCommand[] = [];
  const masks: string[] = [];
  const lines: string[] = [];
  for (const line of output.split('\n')) {
    const [, name, properties = '', message = ''] = command.exec(line) ?? [];
    if (name === 'add-mask') {
      const secret = unescapeData(message);
      masks.push(secret, ...secret.split(/\r?\n/).filter((part) => part !== ''));
      continue;
    }
    if (name !== undefined) {
      commands.push({ name, properties: readProperties(properties), message: unescapeData(message) });
    }
    lines.push(hide(name === undefined ? line : unescapeData(line), masks));
  }
  return { text: lines.join('\n'), commands };
}

/** Of one kind, `warning` or `error`. */
export function messagesOf({ commands }: Log, name: string): string[] {
  return commands.filter((each) => each.name === name).map(({ message }) => message);
}

function hide(text: string, masks: readonly string[]): string {
  return [...masks]
    .sort((one, other) => other.length - one.length)
    .reduce((hidden, mask) => hidden.replaceAll(mask, '***'), text);
}

function readProperties(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return [name, unescapeProperty(value)];
    }),
  );
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}

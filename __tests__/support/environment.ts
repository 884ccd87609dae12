/** Environment variables for as long as the work lasts; undefined takes one away. */
export async function withEnvironment<T>(
  changes: Readonly<Record<string, string | undefined>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = { ...process.env };
  try {
    for (const [name, value] of Object.entries(changes)) setVariable(name, value);
    return await work();
  } finally {
    for (const name of Object.keys(changes)) setVariable(name, before[name]);
  }
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

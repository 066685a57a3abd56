/** What an image runs on (image-spec, image-index.md, "platform"). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** `os/arch[/variant]` as in `--platform`. */
export function platformText(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** Other names in use for the architectures of Go. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armhf: 'arm',
  armel: 'arm',
  i386: '386',
  i686: '386',
};

/** Reads `os/arch[/variant]`, or `arch` alone for linux; null where it is neither. */
export function parsePlatform(text: string): Platform | null {
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.+-]+$/.test(part))) return null;
  const [first, second, third] = parts;
  if (first === undefined) return null;
  if (second === undefined) return { os: 'linux', architecture: ARCHITECTURES[first] ?? first };
  const architecture = ARCHITECTURES[second] ?? second;
  return third === undefined ? { os: first, architecture } : { os: first, architecture, variant: third };
}

/** Whether an image of `platform` is what `wanted` asks for; arm64's only variant is implied. */
export function platformMatches(wanted: Platform, platform: Platform): boolean {
  if (wanted.os !== platform.os || wanted.architecture !== platform.architecture) return false;
  if (wanted.variant === undefined) return true;
  const implied = platform.architecture === 'arm64' ? 'v8' : undefined;
  return wanted.variant === (platform.variant ?? implied);
}

/** The platform of this machine's engine: linux, on this processor. */
export function hostPlatform(arch: string = process.arch): Platform {
  const names: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
  return { os: 'linux', architecture: names[arch] ?? arch };
}

/** The platform of an image (image-spec, image-index.md, "platform"). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** Formats a platform as `os/arch[/variant]`, as in `--platform`. */
export function platformText(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** Other common names of Go's architectures. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armhf: 'arm',
  armel: 'arm',
  i386: '386',
  i686: '386',
};

/** Parses `os/arch[/variant]`, or `arch` for linux; null if the text is neither. */
export function parsePlatform(text: string): Platform | null {
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.+-]+$/.test(part))) return null;
  const [first, second, third] = parts;
  if (first === undefined) return null;
  if (second === undefined) return { os: 'linux', architecture: ARCHITECTURES[first] ?? first };
  const architecture = ARCHITECTURES[second] ?? second;
  return third === undefined ? { os: first, architecture } : { os: first, architecture, variant: third };
}

/** Reports whether `platform` satisfies `wanted`; arm64 implies its only variant, v8. */
export function platformMatches(wanted: Platform, platform: Platform): boolean {
  if (wanted.os !== platform.os || wanted.architecture !== platform.architecture) return false;
  if (wanted.variant === undefined) return true;
  const implied = platform.architecture === 'arm64' ? 'v8' : undefined;
  return wanted.variant === (platform.variant ?? implied);
}

/** Returns the platform of this machine's engine: linux, with this machine's architecture. */
export function hostPlatform(arch: string = process.arch): Platform {
  const names: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
  return { os: 'linux', architecture: names[arch] ?? arch };
}

import { describe, expect, it } from 'vitest';
import { readApk, readApkFiles } from '../../src/packages/readers/apk.ts';
import { readDpkg } from '../../src/packages/readers/dpkg.ts';
import { readGoBuildInfo } from '../../src/packages/readers/go-build-info.ts';
import { readGem, readNpm, readPython } from '../../src/packages/readers/one-package.ts';
import { goBuildInfo } from './go-program.ts';

const named = (list: readonly { name: string; version: string }[]): string[] =>
  list.map(({ name, version }) => `${name} ${version}`);

describe('dpkg', () => {
  it('lists installed packages, with the source if its name differs', () => {
    const text = `Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl (3.0.17-1)
Version: 3.0.17-1~deb12u3
Description: Secure Sockets Layer toolkit
 Version: not a field

Package: gone
Status: deinstall ok config-files
Version: 1

Package: half
Status: install ok half-configured
Version: 2
`;
    expect(readDpkg(text)).toEqual([
      {
        ecosystem: 'deb',
        name: 'libssl3',
        version: '3.0.17-1~deb12u3',
        architecture: 'amd64',
        source: 'openssl',
      },
      { ecosystem: 'deb', name: 'half', version: '2', architecture: null, source: null },
    ]);
  });

  it('reads the files of distroless, which have no status', () => {
    expect(named(readDpkg('Package: tzdata\nVersion: 2025b-0\nArchitecture: all\n'))).toEqual([
      'tzdata 2025b-0',
    ]);
  });
});

describe('apk', () => {
  const text = `C:Q1abc=
P:musl
V:1.2.5-r0
A:x86_64
o:musl
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q1AAECAwQFBgcICQoLDA0ODxAREhM=
F:
R:rootfile
Z:Q1${Buffer.alloc(20, 0xff).toString('base64')}

P:musl-utils
V:1.2.5-r0
o:musl
`;
  it('lists packages', () => {
    expect(readApk(text)).toEqual([
      { ecosystem: 'apk', name: 'musl', version: '1.2.5-r0', architecture: 'x86_64', source: null },
      { ecosystem: 'apk', name: 'musl-utils', version: '1.2.5-r0', architecture: null, source: 'musl' },
    ]);
  });

  it('lists files with their sha1', () => {
    expect([...readApkFiles(text)].map(({ path, sha1 }) => [path, sha1])).toEqual([
      ['/lib/ld-musl-x86_64.so.1', '000102030405060708090a0b0c0d0e0f10111213'],
      ['/rootfile', 'ff'.repeat(20)],
    ]);
  });
});

describe('readers of a single package', () => {
  it('requires a name and a version for npm', () => {
    expect(readNpm('\ufeff{"name":"@a/b","version":"1.0.0"}')).toMatchObject({
      name: '@a/b',
      version: '1.0.0',
    });
    for (const text of ['{"name":"a"}', '{"type":"module"}', '[]', '{', '']) expect(readNpm(text)).toBeNull();
  });

  it('reads Python metadata up to the description', () => {
    const text =
      'Metadata-Version: 2.1\r\nName: Flask\r\nVersion: 3.0.0\r\n\r\nName: other\r\nVersion: 9\r\n';
    expect(readPython(text)).toMatchObject({ ecosystem: 'pypi', name: 'Flask', version: '3.0.0' });
    expect(readPython('Name: x\n')).toBeNull();
    expect(readPython('')).toBeNull();
  });

  it('reads the literals in gem specifications', () => {
    const text = `# stub: nokogiri 1.16.0 x86_64-linux lib
Gem::Specification.new do |s|
  s.name = "nokogiri".freeze
  s.version = "1.16.0"
  s.platform = "x86_64-linux".freeze
end`;
    expect(readGem(text)).toEqual({
      ecosystem: 'gem',
      name: 'nokogiri',
      version: '1.16.0',
      architecture: 'x86_64-linux',
      source: null,
    });
    expect(readGem('s.name = compute()')).toBeNull();
  });
});

describe('build information of Go', () => {
  const lines = [
    'path\texample.com/app',
    'mod\texample.com/app\tv1.2.3\th1:x=',
    'dep\tgolang.org/x/net\tv0.1.0\th1:y=',
    'dep\texample.com/old\tv1.0.0',
    '=>\texample.com/new\tv2.0.0\th1:z=',
    'build\t-compiler=gc',
  ];

  it('lists modules, and replacements instead of replaced ones', () => {
    const info = readGoBuildInfo(goBuildInfo('go1.22.1', lines))!;
    expect(info.goVersion).toBe('go1.22.1');
    expect(named(info.modules)).toEqual([
      'example.com/app v1.2.3',
      'golang.org/x/net v0.1.0',
      'example.com/new v2.0.0',
    ]);
  });

  it('leaves out a main module without a version', () => {
    const info = readGoBuildInfo(goBuildInfo('go1.22.1', ['mod\texample.com/app\t(devel)\t']))!;
    expect(info.modules).toEqual([]);
  });

  it('returns null for the format before Go 1.18 and for truncated data', () => {
    const whole = goBuildInfo('go1.22.1', lines);
    expect(readGoBuildInfo(whole.subarray(0, whole.length - 1))).toBeNull();
    const old = Buffer.from(whole);
    old[15] = 0;
    expect(readGoBuildInfo(old)).toBeNull();
    expect(readGoBuildInfo(whole.subarray(0, 20))).toBeNull();
  });
});

import { expect, it } from 'vitest';
import type { Package } from '../../src/packages/package.ts';
import { purlOf } from '../../src/packages/purl.ts';

const debian = { id: 'debian', version: '12', title: null };

it.each<[Partial<Package>, string]>([
  [
    { ecosystem: 'deb', name: 'libssl3', version: '1:3.0~a+b', architecture: 'amd64', source: 'openssl' },
    'pkg:deb/debian/libssl3@1:3.0~a%2Bb?arch=amd64&distro=debian-12&upstream=openssl',
  ],
  [{ ecosystem: 'npm', name: '@a/b', version: '1.0.0' }, 'pkg:npm/%40a/b@1.0.0'],
  [{ ecosystem: 'pypi', name: 'Typing_Extensions', version: '4' }, 'pkg:pypi/typing-extensions@4'],
  [{ ecosystem: 'gem', name: 'x', version: '1', architecture: 'java' }, 'pkg:gem/x@1?platform=java'],
  [
    { ecosystem: 'rpm', name: 'NetworkManager', version: '1:1.46-1.el9', architecture: 'x86_64' },
    'pkg:rpm/debian/NetworkManager@1.46-1.el9?arch=x86_64&distro=debian-12&epoch=1',
  ],
  [
    { ecosystem: 'golang', name: 'golang.org/x/net', version: 'v0.1.0' },
    'pkg:golang/golang.org/x/net@v0.1.0',
  ],
])('%o is %s', (made, purl) => {
  const whole = { architecture: null, source: null, ...made } as Package;
  expect(purlOf(whole, debian)).toBe(purl);
});

it('uses the default vendor of the ecosystem if the distribution is unknown', () => {
  const made: Package = { ecosystem: 'apk', name: 'musl', version: '1', architecture: null, source: null };
  expect(purlOf(made, null)).toBe('pkg:apk/alpine/musl@1');
});

it('omits the namespace of rpm packages without a distribution', () => {
  const made: Package = { ecosystem: 'rpm', name: 'bash', version: '5-1', architecture: null, source: null };
  expect(purlOf(made, null)).toBe('pkg:rpm/bash@5-1');
});

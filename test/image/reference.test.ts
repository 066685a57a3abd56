import { describe, expect, it } from 'vitest';
import { parseReference } from '../../src/image/reference.ts';

const nothingExists = (): boolean => false;
const exists =
  (...paths: string[]) =>
  (path: string): boolean =>
    paths.includes(path);

describe('names of images', () => {
  it('without a name, the demonstration image; a dash, standard input', () => {
    expect(parseReference(undefined, nothingExists)).toEqual({ kind: 'demo' });
    expect(parseReference('-', nothingExists)).toEqual({ kind: 'stdin' });
  });

  it('an existing path is a path, whatever it is called', () => {
    expect(parseReference('nginx:1', exists('nginx:1'))).toMatchObject({
      kind: 'path',
      path: 'nginx:1',
      form: null,
    });
  });

  it('what looks like a path is one even where the file is missing', () => {
    for (const text of ['./image', '/tmp/x', 'image.tar', 'image.tar.gz']) {
      expect(parseReference(text, nothingExists).kind, text).toBe('path');
    }
  });

  it('anything else is a name for the engines', () => {
    expect(parseReference('nginx:1.27', nothingExists)).toEqual({
      kind: 'engine',
      engine: 'any',
      name: 'nginx:1.27',
    });
    expect(parseReference('docker-daemon:nginx:1', nothingExists)).toMatchObject({
      engine: 'docker',
      name: 'nginx:1',
    });
    expect(parseReference('containers-storage:nginx', nothingExists)).toMatchObject({ engine: 'podman' });
    expect(parseReference('containerd:nginx', nothingExists)).toMatchObject({ engine: 'containerd' });
    expect(parseReference('docker://alpine:3', nothingExists)).toEqual({
      kind: 'registry',
      name: 'alpine:3',
    });
  });

  it('a transport takes PATH[:REF], and a colon may belong to the path', () => {
    expect(parseReference('docker-archive:/a.tar:app:1', exists('/a.tar'))).toMatchObject({
      form: 'docker-archive',
      path: '/a.tar',
      image: 'app:1',
    });
    expect(parseReference('oci:/a:b', exists('/a:b'))).toMatchObject({
      form: 'oci-layout',
      path: '/a:b',
      image: null,
    });
  });

  it('refuses names that could become an option, and control characters', () => {
    for (const text of ['-rf', 'docker-daemon:--help', 'a\nb', 'docker-daemon:a\x1b[0m', 'docker://-x']) {
      expect(() => parseReference(text, nothingExists), text).toThrow(/invalid image name/);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { parseReference } from '../../src/image/reference.ts';

const nothingExists = (): boolean => false;
const exists =
  (...paths: string[]) =>
  (path: string): boolean =>
    paths.includes(path);

describe('parseReference', () => {
  it('returns the demonstration image without a name, and standard input for a dash', () => {
    expect(parseReference(undefined, nothingExists)).toEqual({ kind: 'demo' });
    expect(parseReference('-', nothingExists)).toEqual({ kind: 'stdin' });
  });

  it('returns a path if it exists, whatever its name', () => {
    expect(parseReference('nginx:1', exists('nginx:1'))).toMatchObject({
      kind: 'path',
      path: 'nginx:1',
      form: null,
    });
  });

  it('returns a path for a text that looks like one, even if it does not exist', () => {
    for (const text of ['./image', '/tmp/x', 'image.tar', 'image.tar.gz']) {
      expect(parseReference(text, nothingExists).kind, text).toBe('path');
    }
  });

  it('returns an engine name for anything else', () => {
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

  it('parses PATH[:REF] after a transport, and the colon may belong to the path', () => {
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

  it('rejects names that could be read as an option, and control characters', () => {
    for (const text of ['-rf', 'docker-daemon:--help', 'a\nb', 'docker-daemon:a\x1b[0m', 'docker://-x']) {
      expect(() => parseReference(text, nothingExists), text).toThrow(/invalid image name/);
    }
  });
});

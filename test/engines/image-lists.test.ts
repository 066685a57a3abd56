import { describe, expect, it } from 'vitest';
import { parseCtrImages, parseJsonImages } from '../../src/image/engines/image-lists.ts';
import { TRANSCRIPTS, transcript } from './transcripts.ts';

const docker = { kind: 'docker', cli: 'docker' } as const;
const podman = { kind: 'podman', cli: 'podman' } as const;
const nerdctl = { kind: 'nerdctl', cli: 'nerdctl' } as const;
const ctr = { kind: 'ctr', cli: 'ctr' } as const;

const lines = (...records: object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

describe("docker's lines", () => {
  const record = {
    CreatedAt: '2026-11-22 16:12:34 +0100 CET',
    ID: 'sha256:0123',
    Repository: 'shop/app',
    Tag: '2',
    Digest: '<none>',
    Size: '81.6MB',
    VirtualSize: '81.64MB',
  };

  it('have name, tag, size, time and reference', () => {
    expect(parseJsonImages(docker, lines(record))).toEqual([
      {
        engine: docker,
        reference: 'docker-daemon:shop/app:2',
        name: 'shop/app',
        tag: '2',
        id: 'sha256:0123',
        size: 81_640_000,
        created: '2026-11-22T15:12:34Z',
        platforms: [],
      },
    ]);
  });

  it('have the ID as reference if there is no name', () => {
    const [image] = parseJsonImages(docker, lines({ ...record, Repository: '<none>', Tag: '<none>' }));
    expect(image).toMatchObject({ name: '', tag: '', reference: 'docker-daemon:sha256:0123' });
  });

  it('have the digest as reference if there is no tag', () => {
    const [image] = parseJsonImages(docker, lines({ ...record, Tag: '<none>', Digest: 'sha256:ab' }));
    expect(image).toMatchObject({ name: 'shop/app', reference: 'docker-daemon:shop/app@sha256:ab' });
  });

  it('are skipped one by one if they are malformed', () => {
    const strange = `warning: something\n${lines({ Repository: 7 }, [] as object, record)}{"broken\n`;
    expect(parseJsonImages(docker, strange).map((image) => image.name)).toEqual(['shop/app']);
    expect(parseJsonImages(docker, '')).toEqual([]);
  });

  it('have a name even if size and time are malformed', () => {
    const [image] = parseJsonImages(
      docker,
      lines({ ...record, Size: 'big', VirtualSize: 'N/A', CreatedAt: 'N/A' }),
    );
    expect(image).toMatchObject({ name: 'shop/app', size: null, created: null });
  });
});

describe("podman's array", () => {
  it('has one image per name', () => {
    const output = JSON.stringify([
      { Id: 'aa', Names: ['localhost/app:1', 'registry.internal:5000/app:2'], Size: 12, Created: 1795360358 },
      { Id: 'bb', Names: [], Size: 13, Created: 0 },
      { Id: 'cc', RepoTags: null, Size: 13 },
    ]);
    expect(parseJsonImages(podman, output)).toMatchObject([
      { name: 'localhost/app', tag: '1', size: 12, created: '2026-11-22T15:12:38Z' },
      {
        name: 'registry.internal:5000/app',
        tag: '2',
        reference: 'containers-storage:registry.internal:5000/app:2',
      },
      { name: '', id: 'bb', reference: 'containers-storage:bb' },
      { name: '', id: 'cc', created: null },
    ]);
  });

  it('is accepted from a docker that is podman', () => {
    const [image] = parseJsonImages(docker, '[{"Id":"aa","Names":["localhost/app:1"],"Size":12}]');
    expect(image).toMatchObject({ reference: 'docker-daemon:localhost/app:1' });
  });
});

it('merges the lines that nerdctl prints per platform', () => {
  const record = { ID: 'b4', Repository: 'multi', Tag: '1', Size: '45.06kB' };
  const images = parseJsonImages(
    nerdctl,
    lines({ ...record, Platform: 'linux/amd64' }, { ...record, Platform: 'linux/arm64' }),
  );
  expect(images).toHaveLength(1);
  expect(images[0]).toMatchObject({ platforms: ['linux/amd64', 'linux/arm64'], size: 45_060 });
});

describe("ctr's table", () => {
  const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
  const head = 'REF TYPE DIGEST SIZE PLATFORMS LABELS \n';

  it('has full references, sizes with a unit, and no time', () => {
    const output = `${head}docker.io/library/multi:1 application/vnd.oci.image.index.v1+json ${digest('b')} 4.3 KiB linux/amd64,linux/arm64,unknown/unknown -      \n`;
    expect(parseCtrImages(ctr, output)).toEqual([
      {
        engine: ctr,
        reference: 'containerd:docker.io/library/multi:1',
        name: 'docker.io/library/multi',
        tag: '1',
        id: digest('b'),
        size: 4403,
        created: null,
        platforms: ['linux/amd64', 'linux/arm64'],
      },
    ]);
  });

  it('omits the digests that Kubernetes adds if the image has a name', () => {
    const line = (reference: string, digit: string): string =>
      `${reference} application/json ${digest(digit)} 1.0 MiB linux/amd64 io.cri-containerd.image=managed\n`;
    const output = [
      head,
      line('docker.io/library/app:1', 'a'),
      line(`docker.io/library/app@${digest('a')}`, 'a'),
      line(digest('c'), 'a'),
      line(digest('d'), 'd'),
    ].join('');
    expect(parseCtrImages(ctr, output).map((image) => image.reference)).toEqual([
      'containerd:docker.io/library/app:1',
      `containerd:${digest('d')}`,
    ]);
  });
});

describe.skipIf(TRANSCRIPTS.skip)(`lists of real engines${TRANSCRIPTS.reason}`, () => {
  const names = (images: readonly { name: string; tag: string }[]): string[] =>
    images.map(({ name, tag }) => `${name}:${tag}`);

  it.each(['d20', 'd26', 'd28', 'd28c'])('are parsed: docker %s', (version) => {
    const output = transcript(`docker-${version}.images.jsonl`);
    const images = parseJsonImages(docker, output);
    expect(images).toHaveLength(output.trim().split('\n').length);
    expect(names(images)).toContain('leaky:1');
    for (const image of images) {
      expect(image.size, image.reference).toBeGreaterThan(1000);
      expect(image.created, image.reference).toMatch(/^2026-11-22T\d\d:\d\d:\d\dZ$/);
    }
  });

  it('are parsed: podman 4.3', () => {
    const images = parseJsonImages(podman, transcript('podman43.images.json'));
    expect(names(images)).toContain('localhost/leaky:podman-oci');
    expect(images.every((image) => image.size !== null && image.created !== null)).toBe(true);
  });

  it('are parsed: nerdctl 2 and ctr', () => {
    const images = parseJsonImages(nerdctl, transcript('nerdctl2.images.jsonl'));
    expect(names(images)).toEqual(['multi:1', 'leaky:1']);
    const same = parseCtrImages(ctr, transcript('ctr.images.txt'));
    expect(names(same)).toEqual(['docker.io/library/leaky:1', 'docker.io/library/multi:1']);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { file } from '../../fixtures/tar.ts';
import { headerLine } from '../../components/header-line.ts';
import type { ArchiveImage, ArchiveImages, Model } from '../../src/tui/model.ts';
import { imageEntries } from '../../src/tui/selectors/image-entries.ts';
import { after, afterKeys, imageOf, modelOf, pressKeys, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([{ by: 'COPY . /app', entries: [file('a', 'x')] }]);
});

function archived(
  index: number,
  names: string,
  platform: string,
  missing: string | null = null,
): ArchiveImage {
  return { index, names, platform, digest: `sha256:${String(index).repeat(64)}`, missing };
}

const LIST = [
  archived(0, 'shop/web:1', 'linux/amd64'),
  archived(1, 'shop/web:1', 'linux/arm64'),
  archived(2, '', 'linux/amd64'),
  archived(3, 'shop/gone:1', 'linux/amd64', 'blob sha256:33 is not in the archive'),
];

const holding = (images: Partial<ArchiveImages> = {}): Model => ({
  ...modelOf(image),
  images: { list: LIST, current: 1, locked: null, ...images },
});

function offered(model: Model): string[] {
  const overlay = model.overlays.at(-1);
  if (overlay?.kind !== 'images') return [];
  return imageEntries(model, overlay).map(
    ({ image: each, name }) => `${each.index} ${name} ${each.platform}`,
  );
}

describe('the switcher of images', () => {
  it('lists the images of the archive with the open one selected', () => {
    const model = afterKeys(holding(), 'I');
    expect(offered(model)).toEqual([
      '0 shop/web:1 linux/amd64',
      '1 shop/web:1 linux/arm64',
      '2 (no name) linux/amd64',
      '3 shop/gone:1 linux/amd64',
    ]);
    expect(model.overlays.at(-1)).toMatchObject({ cursor: 1 });
  });

  it('finds them by a few letters of name, platform or digest', () => {
    const typed = (text: string): string[] =>
      offered(after(afterKeys(holding(), 'I'), { type: 'text', text }));
    expect(typed('gone')).toEqual(['3 shop/gone:1 linux/amd64']);
    expect(typed('arm64')).toEqual(['1 shop/web:1 linux/arm64']);
    expect(typed('2222')).toEqual(['2 (no name) linux/amd64']);
  });

  it('switches to the chosen image and closes for the open one', () => {
    expect(pressKeys(holding(), 'I down enter')[1]).toEqual([{ type: 'switch', image: 2 }]);
    const [model, effects] = pressKeys(holding(), 'I enter');
    expect([model.overlays, effects]).toEqual([[], []]);
  });

  it('says why an image cannot be opened', () => {
    const [gone, effects] = pressKeys(holding(), 'I down down enter');
    expect([gone.message, effects]).toEqual([
      { kind: 'error', text: 'blob sha256:33 is not in the archive' },
      [],
    ]);
    const [held, none] = pressKeys(holding({ locked: 'the case is about this image' }), 'I up enter');
    expect([held.message?.text, none]).toEqual(['the case is about this image', []]);
  });

  it('is not available for an archive with one image', () => {
    expect(afterKeys(holding({ list: LIST.slice(0, 1), current: 0 }), 'I').overlays).toEqual([]);
  });

  it('appears in the first line', () => {
    const text = headerLine(holding(), 120)
      .map(([, part]) => part)
      .join('');
    expect(text).toContain('image 2 of 4');
    // On a small screen the platform stays where the layers go: it tells them apart.
    const name = 'docker.io/library/shop:1';
    const model = holding();
    const long = { ...model.stacked!, image: { ...model.stacked!.image, names: [name] } };
    const narrow = headerLine({ ...model, stacked: long }, 80)
      .map(([, part]) => part)
      .join('');
    expect(narrow).toContain('linux/amd64');
    expect(narrow).not.toMatch(/\d layer/);
  });
});

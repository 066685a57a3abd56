import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileTexts } from '../../fixtures/hostile.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { demoArchive } from '../../fixtures/demo.ts';
import { run } from '../commands/run.ts';
import { wanting } from './tools.ts';

const { skip, reason } = wanting('chromium');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SHARED = path.join(import.meta.dirname, '../../../shared/images');

/** Measurements made inside the page. */
interface Checked {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly string[] }[];
  readonly contrasts: number;
  /** Texts whose contrast axe could not determine, without those in the picture, where it never can. */
  readonly undecided: readonly string[];
  readonly dark: boolean;
  /** Number of pixels by which the page is wider than the window. */
  readonly sticksOut: number;
}

const SCHEMES = { dark: 0, light: 1 } as const;

/** The report itself has no scripts: axe runs in a copy of it, which records the results. */
const CHECK = `<script src="${pathToFileURL(AXE).href}"></script><script>
axe.run(document).then((done) => {
  const out = document.createElement('template');
  out.id = 'checked';
  out.setAttribute('data-json', JSON.stringify({
    violations: done.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) })),
    contrasts: done.passes.filter(({ id }) => id === 'color-contrast').flatMap(({ nodes }) => nodes).length,
    undecided: done.incomplete.filter(({ id }) => id === 'color-contrast').flatMap(({ nodes }) => nodes.map(({ html }) => html)).filter((html) => !html.startsWith('<text')),
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    sticksOut: document.documentElement.scrollWidth - innerWidth,
  }));
  document.body.append(out);
});
</script>`;

describe.skipIf(skip)(`the report in a browser${reason}`, () => {
  let folder = '';
  let demo = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-browser-'));
    demo = path.join(folder, 'demo.tar');
    await writeFile(demo, (await demoArchive()).bytes);
  });

  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

  async function reportOf(image: string, ...more: string[]): Promise<string> {
    const { stdout } = await run('report', image, '-o', '-', '--format', 'html', '--quiet', ...more);
    expect(stdout).toContain('</html>');
    return stdout;
  }

  async function chromium(file: string, ...argv: string[]): Promise<string> {
    const { stdout } = await execa(
      'chromium',
      [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--no-first-run',
        `--user-data-dir=${path.join(folder, 'profile')}`,
        ...argv,
        pathToFileURL(file).href,
      ],
      { stdin: 'ignore', timeout: 120_000 },
    );
    return stdout;
  }

  async function check(html: string, scheme: keyof typeof SCHEMES, width = 1200): Promise<Checked> {
    const copy = path.join(folder, 'copy.html');
    const open = html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
    await writeFile(copy, open.replace('</body>', `${CHECK}</body>`));
    const dom = await chromium(
      copy,
      '--dump-dom',
      '--virtual-time-budget=30000',
      `--window-size=${width},900`,
      `--blink-settings=preferredColorScheme=${SCHEMES[scheme]}`,
    );
    const json = /data-json="([^"]*)"/.exec(dom)?.[1];
    expect(json, 'axe has come to an end').toBeDefined();
    return JSON.parse(
      json!
        .replaceAll('&quot;', '"')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&'),
    ) as Checked;
  }

  it.each(['light', 'dark'] as const)('passes axe with the %s color scheme', async (scheme) => {
    const checked = await check(await reportOf(demo, '--also', demo), scheme);
    expect(checked.violations).toEqual([]);
    expect(checked.contrasts).toBeGreaterThan(100);
    expect(checked.undecided).toEqual([]);
    expect(checked.dark).toBe(scheme === 'dark');
  });

  it('detects low contrast and missing names', async () => {
    const html = await reportOf(demo);
    const pale = await check(html.replace('--quiet: #55555f', '--quiet: #b0b0b8'), 'light');
    expect(pale.violations.map(({ id }) => id)).toContain('color-contrast');
    const unnamed = await check(html.replaceAll(/ aria-label="[^"]*"|<title>[^<]*<\/title>/g, ''), 'light');
    expect(unnamed.violations.map(({ id }) => id)).toContain('document-title');
  });

  it('fits a narrow window, with wide parts scrolling separately', async () => {
    const checked = await check(await reportOf(demo, '--also', demo), 'light', 500);
    expect(checked.violations).toEqual([]);
    expect(checked.sticksOut).toBeLessThanOrEqual(0);
  });

  it('stays intact with the texts of a hostile image', async () => {
    const image = path.join(folder, 'hostile.tar');
    await writeFile(image, await dockerArchive([await hostileTexts()], { form: 'podman' }));
    expect((await check(await reportOf(image), 'dark')).violations).toEqual([]);
  });

  it
    .skipIf(!existsSync(SHARED))
    .each(['dive/test-docker-image.tar', 'engines/multiarch.buildkit.oci-prov.tar'])(
    'passes the same checks for %s (skipped without ../shared)',
    async (name) => {
      const html = await reportOf(path.join(SHARED, name));
      for (const scheme of ['light', 'dark'] as const) {
        expect((await check(html, scheme)).violations).toEqual([]);
      }
    },
  );

  it('prints to several pages, with its drawings', async () => {
    const file = path.join(folder, 'report.html');
    await writeFile(file, await reportOf(demo));
    const pdf = path.join(folder, 'report.pdf');
    await chromium(file, '--no-pdf-header-footer', `--print-to-pdf=${pdf}`);
    const pages = (await readFile(pdf)).toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
    expect(pages.length).toBeGreaterThan(5);
    const png = path.join(folder, 'report.png');
    await chromium(file, `--screenshot=${png}`, '--window-size=1200,2000');
    expect((await readFile(png)).subarray(1, 4).toString()).toBe('PNG');
  });
});

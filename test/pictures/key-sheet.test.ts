import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { COMMANDS, type CommandName } from '../../src/tui/commands.ts';
import { type Context, KEYMAP } from '../../src/tui/keymap.ts';
import { keyLabel } from '../../src/tui/key-names.ts';

const file = path.join(import.meta.dirname, '../../docs/keys.md');

const SECTIONS: readonly (readonly [title: string, context: Context])[] = [
  ['Everywhere', 'global'],
  ['In the Layers view', 'view:layers'],
  ['In the layers pane', 'pane:layers'],
  ['In the tree', 'pane:tree'],
  ['In the path history', 'pane:track'],
  ['In the lists (Deleted, Setuid, Findings, History, Config)', 'view:deleted'],
  ['Also in Findings', 'view:findings'],
  ['Also in History', 'view:history'],
  ['In a preview', 'preview'],
  ['In the help', 'help'],
  ['In the Show menu', 'menu'],
  ['In a text prompt', 'line'],
];

function keySheet(): string {
  const lines = [
    '# Keys',
    '',
    'Generated from `src/tui/keymap.ts`; `?` lists the same keys in the program. Custom key bindings use the action',
    'in the last column and the context below each title ([configuration.md](configuration.md#keys-keysyaml)).',
  ];
  for (const [title, context] of SECTIONS) {
    const keys = new Map<CommandName, string[]>();
    // Keys that all lists share are listed once.
    const common = title.startsWith('Also') ? ['open', 'copy-path'] : [];
    for (const binding of KEYMAP.filter(
      (each) => each.context === context && !common.includes(each.command),
    )) {
      const known = keys.get(binding.command) ?? [];
      keys.set(binding.command, [...known, ...binding.keys]);
    }
    lines.push(
      '',
      `## ${title}`,
      '',
      `\`${context}\``,
      '',
      '| key | what it does | action |',
      '| --- | --- | --- |',
    );
    for (const [command, names] of keys) {
      const labels = names.map((name) => `\`${keyLabel(name).replaceAll('|', '\\|')}\``).join(' ');
      lines.push(`| ${labels} | ${COMMANDS[command].help} | \`${command}\` |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

it('matches docs/keys.md with the keymap (EXHUME_PICTURES=update rewrites the file)', () => {
  if (process.env['EXHUME_PICTURES'] === 'update') writeFileSync(file, keySheet());
  expect(readFileSync(file, 'utf8')).toBe(keySheet());
});

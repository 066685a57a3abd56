import { expect, it } from 'vitest';
import type { ImageOptions } from '../../fixtures/image.ts';
import { jibImage, kanikoImage, koImage, rulesOciImage } from '../../fixtures/other-builders.ts';
import { check } from './checked.ts';

const IMAGES: readonly (readonly [builder: string, image: ImageOptions])[] = [
  ['kaniko', kanikoImage()],
  ['jib', jibImage()],
  ['ko', koImage()],
  ['rules_oci', rulesOciImage('base')],
  ['rules_oci, from scratch', rulesOciImage('scratch')],
];
const OF_INSTRUCTIONS = ['secret-names', 'unchecked-download', 'sudo-in-build', 'update-alone'];

it.each(IMAGES)('reports only info findings for %s', async (_, image) => {
  const { findings } = await check({ ...image, oci: {} });
  const seen = findings.map(({ rule, severity }) => [rule, severity]);
  const harmless = new Set(['no-attestation', 'no-signature', 'tools', 'system-file-changed']);
  expect(seen.filter(([rule, severity]) => severity !== 'info' || !harmless.has(rule!))).toEqual([]);
});

it('passes the instruction checks for kaniko, which records instructions', async () => {
  const { outcomes } = await check({ ...kanikoImage(), oci: {} });
  const results = outcomes.filter(({ id }) => OF_INSTRUCTIONS.includes(id)).map(({ result }) => result);
  expect(results).toEqual(OF_INSTRUCTIONS.map(() => 'passed'));
});

it.each([
  ['jib', jibImage(), 'no instruction is recorded for layers 1, 2, 3, 4'],
  ['ko', koImage(), 'the history has no Dockerfile instructions'],
  ['rules_oci', rulesOciImage('base'), 'no instruction is recorded for layers 1, 2'],
  ['rules_oci, from scratch', rulesOciImage('scratch'), 'the image has no history'],
])('leaves them unknown for %s, which records no instructions', async (_, image, reason) => {
  const { outcomes } = await check({ ...image, oci: {} });
  const results = outcomes.filter(({ id }) => OF_INSTRUCTIONS.includes(id));
  expect(results.map((each) => [each.result, each.reason])).toEqual(
    OF_INSTRUCTIONS.map(() => ['unknown', reason]),
  );
});

it('does not count a layer with only a touched directory as empty', async () => {
  const { outcomes } = await check({ ...kanikoImage(), oci: {} });
  expect(outcomes.find(({ id }) => id === 'waste')!.result).toBe('passed');
});

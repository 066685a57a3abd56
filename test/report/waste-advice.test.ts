import { expect, it } from 'vitest';
import { wasteAdvice } from '../../src/report/waste-advice.ts';

const ORIGINS = ['base', 'base', 'application', 'application', 'application'] as const;
const INSTRUCTIONS = ['ADD rootfs /', 'RUN apt-get', 'COPY . .', 'RUN make', 'RUN rm'];

it.each([
  [[3, 4], 'layers 3, 4: one RUN for them keeps only what is left'],
  [[2, 4], 'layers 2, 4: leave it out of the COPY (.dockerignore), a RUN cannot take it out again'],
  [[0, 1], "the base's own (layers 0, 1): another base"],
  [[1, 4], "layer 1 is the base's and stays: another base, or leave the file as it is"],
])('of bytes in layers %j: %s', (layers, advice) => {
  expect(wasteAdvice(layers, ORIGINS, (layer) => INSTRUCTIONS[layer]!)).toBe(advice);
});

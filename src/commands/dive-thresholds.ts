import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import type { DiveFigures } from '../ledger/dive.ts';
import { Problem } from '../problem.ts';
import { exactSize, parseSize } from '../text/size.ts';

/** dive's rules for CI (see "CI Integration" in its README); null if a rule is not set or disabled. */
export interface DiveThresholds {
  readonly lowestEfficiency: number | null;
  readonly highestWastedBytes: number | null;
  readonly highestUserWastedPercent: number | null;
}

/** The thresholds on the command line, not yet parsed. */
export interface DiveOptions {
  readonly lowestEfficiency?: string;
  readonly highestWastedBytes?: string;
  readonly highestUserWastedPercent?: string;
  readonly diveCi?: string;
}

const DEFAULT_FILE = '.dive-ci';
const value = z.union([z.number(), z.string()]).nullable().optional();
const file = z.object({
  rules: z
    .object({ lowestEfficiency: value, highestWastedBytes: value, highestUserWastedPercent: value })
    .partial()
    .nullable()
    .optional(),
});

/**
 * Returns the thresholds from the command line, else from the file.
 * @throws Problem `usage` if the file cannot be read or is not valid, or for an invalid number
 */
export function diveThresholds(options: DiveOptions): DiveThresholds {
  const rules = rulesOf(options.diveCi);
  const pick = (name: keyof DiveThresholds): unknown => options[name] ?? rules[name] ?? null;
  return {
    lowestEfficiency: fraction('lowestEfficiency', pick('lowestEfficiency')),
    highestWastedBytes: bytes('highestWastedBytes', pick('highestWastedBytes')),
    highestUserWastedPercent: fraction('highestUserWastedPercent', pick('highestUserWastedPercent')),
  };
}

function rulesOf(named: string | undefined): Partial<Record<keyof DiveThresholds, unknown>> {
  const name = named ?? DEFAULT_FILE;
  if (named === undefined && !existsSync(name)) return {};
  let parsed: unknown;
  try {
    parsed = parse(readFileSync(name, 'utf8'));
  } catch (error) {
    throw new Problem('usage', `${name}: ${(error as Error).message.split('\n')[0]}`, { file: name });
  }
  const checked = file.safeParse(parsed ?? {});
  if (checked.success) return checked.data.rules ?? {};
  const issue = checked.error.issues[0]!;
  throw new Problem('usage', `${name}: ${issue.path.join('.')}: ${issue.message}`, { file: name });
}

function isOff(given: unknown): boolean {
  return given === null || given === 'disabled';
}

function fraction(name: string, given: unknown): number | null {
  if (isOff(given)) return null;
  const number = Number(given);
  if (given !== '' && number >= 0 && number <= 1) return number;
  throw new Problem('usage', `${name}: ${String(given)} is not a number from 0 to 1`);
}

function bytes(name: string, given: unknown): number | null {
  if (isOff(given)) return null;
  const number = typeof given === 'number' ? given : parseSize(String(given));
  if (number !== null && number >= 0) return number;
  throw new Problem('usage', `${name}: ${String(given)} is not a size, such as 20MB`);
}

/** Describes each threshold that is missed; empty if none is. */
export function missedThresholds(figures: DiveFigures, thresholds: DiveThresholds): string[] {
  const { highestUserWastedPercent, highestWastedBytes, lowestEfficiency } = thresholds;
  const missed: string[] = [];
  if (lowestEfficiency !== null && figures.efficiency < lowestEfficiency) {
    missed.push(`efficiency ${figures.efficiency.toFixed(4)} is below ${lowestEfficiency}`);
  }
  if (highestWastedBytes !== null && figures.wastedBytes > highestWastedBytes) {
    missed.push(
      `${exactSize(figures.wastedBytes)} wasted bytes are more than ${exactSize(highestWastedBytes)}`,
    );
  }
  if (highestUserWastedPercent !== null && figures.userWastedPercent > highestUserWastedPercent) {
    missed.push(
      `the user wasted percentage ${figures.userWastedPercent.toFixed(4)} is above ${highestUserWastedPercent}`,
    );
  }
  return missed;
}

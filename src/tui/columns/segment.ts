import type { Token } from '../../text/theme.ts';

/** Part of a row: its look, its text, and whether it is struck through. */
export type Segment = readonly [token: Token | null, text: string, struck?: true];

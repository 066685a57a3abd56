/** The signs that borders are drawn with. */
export interface BorderSigns {
  readonly vertical: string;
  readonly horizontal: string;
  readonly meetsUp: string;
  readonly corners: readonly [topLeft: string, topRight: string, bottomLeft: string, bottomRight: string];
}

/** Box-drawing signs, or ASCII for terminals that have none. */
export function borderSigns(unicode: boolean): BorderSigns {
  return unicode
    ? { vertical: '│', horizontal: '─', meetsUp: '┴', corners: ['┌', '┐', '└', '┘'] }
    : { vertical: '|', horizontal: '-', meetsUp: '+', corners: ['+', '+', '+', '+'] };
}

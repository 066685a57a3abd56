/** The characters of borders. */
export interface BorderSigns {
  readonly vertical: string;
  readonly horizontal: string;
  readonly meetsUp: string;
  readonly corners: readonly [topLeft: string, topRight: string, bottomLeft: string, bottomRight: string];
}

/** Returns box-drawing characters, or ASCII for other terminals. */
export function borderSigns(unicode: boolean): BorderSigns {
  return unicode
    ? { vertical: '│', horizontal: '─', meetsUp: '┴', corners: ['┌', '┐', '└', '┘'] }
    : { vertical: '|', horizontal: '-', meetsUp: '+', corners: ['+', '+', '+', '+'] };
}

/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Parses `#rrggbb`.
 * @throws RangeError for anything else: theme colours are constants of the program
 */
export function parseRgb(hex: string): Rgb {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new RangeError('a colour is written #rrggbb');
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

/** Returns the relative luminance from 0 (black) to 1 (white), WCAG 2.2. */
export function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Returns the contrast ratio of two colours, 1 to 21 (WCAG 2.2). Level AA requires 4.5 for text. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

const CUBE_STEPS = [0, 95, 135, 175, 215, 255];

/** Returns colour 16 to 255 of the 256-colour palette. The user chooses the first 16. */
export function rgbOf256(index: number): Rgb {
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return [grey, grey, grey];
  }
  const cube = index - 16;
  return [CUBE_STEPS[Math.floor(cube / 36)]!, CUBE_STEPS[Math.floor(cube / 6) % 6]!, CUBE_STEPS[cube % 6]!];
}

/** Returns the nearest colour in the cube and the greys of the 256-colour palette: 16 to 255. */
export function nearest256([red, green, blue]: Rgb): number {
  const cube = 16 + 36 * nearestStep(red) + 6 * nearestStep(green) + nearestStep(blue);
  const level = Math.round(((red + green + blue) / 3 - 8) / 10);
  const grey = 232 + Math.min(23, Math.max(0, level));
  const far = (index: number) => {
    const [r, g, b] = rgbOf256(index);
    return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  };
  return far(grey) < far(cube) ? grey : cube;
}

function nearestStep(channel: number): number {
  let best = 0;
  for (const [step, value] of CUBE_STEPS.entries()) {
    if (Math.abs(value - channel) < Math.abs(CUBE_STEPS[best]! - channel)) best = step;
  }
  return best;
}

/** A colour whose channels differ by less than this counts as grey. */
const GREY_CHROMA = 40;
/** Palette numbers in the order of hues: red, yellow, green, cyan, blue, magenta. */
const HUES = [1, 3, 2, 6, 4, 5];

/**
 * Returns one of the 16 colours (0 to 15), chosen by hue and not by distance: a pale red must stay red,
 * although white is nearer. The user chooses how these colours look.
 */
export function nearest16(rgb: Rgb): number {
  const [red, green, blue] = rgb;
  const max = Math.max(red, green, blue);
  const chroma = max - Math.min(red, green, blue);
  const light = luminance(rgb);
  if (chroma < GREY_CHROMA) return light < 0.02 ? 0 : light < 0.22 ? 8 : light < 0.8 ? 7 : 15;
  let hue: number;
  if (max === red) hue = (green - blue) / chroma;
  else if (max === green) hue = 2 + (blue - red) / chroma;
  else hue = 4 + (red - green) / chroma;
  const base = HUES[(Math.round(hue) + 6) % 6]!;
  return light > 0.4 ? base + 8 : base;
}

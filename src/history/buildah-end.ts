/** Keys that only buildah writes; annotations by any name may follow them. */
const KEYS = new Set(['unsetLabel', 'inheritLabels', 'unsetAnnotation', 'inheritAnnotations', 'force-mtime']);

/**
 * An instruction without what newer buildah appends to it, so that its cache can tell builds with
 * other options apart: `|unsetLabel=a|inheritLabels=false|force-mtime=10`. A pipe that may be part of
 * a command stays.
 */
export function withoutBuildahEnd(text: string): string {
  // By hand: a pattern anchored at the end costs the square of a long text's length.
  const wordStart = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\t'), text.lastIndexOf('\n')) + 1;
  let cut = text.length;
  let end = text.length;
  for (let bar = text.lastIndexOf('|'); bar >= wordStart; bar = text.lastIndexOf('|', bar - 1)) {
    const [key, value] = text.slice(bar + 1, end).split('=', 2);
    if (value === undefined) break;
    if (KEYS.has(key!)) cut = bar;
    if (bar === 0) break;
    end = bar;
  }
  return text.slice(0, cut).trimEnd();
}

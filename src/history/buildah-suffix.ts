/** Keys that only buildah writes; annotations with any name may follow them. */
const KEYS = new Set(['unsetLabel', 'inheritLabels', 'unsetAnnotation', 'inheritAnnotations', 'force-mtime']);

/**
 * Removes the suffix that newer buildah versions append to an instruction as a cache key for the build
 * options: `|unsetLabel=a|inheritLabels=false|force-mtime=10`. A pipe that may be part of the command
 * stays.
 */
export function withoutBuildahSuffix(text: string): string {
  // Not a regular expression: one anchored at the end takes quadratic time on long texts.
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

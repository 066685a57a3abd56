/** Adds a comment above lines of a drafted Dockerfile, unless they already have it. */
export function remarked(lines: readonly string[], remark: string): readonly string[] {
  const text = `# ${remark}`;
  return lines.includes(text) ? lines : [text, ...lines];
}

/** Longer words than this begin no shell: keeps junk from costing time. */
const HEAD = 4096;

const UNIX = /^(?:\S*\/)?(?:busybox +)?(?:sh|bash|ash|dash|zsh|ksh|mksh|fish) +/;
const ANY_PROGRAM = /^\/\S+ +(?=-c )/;
const WINDOWS = /^(?:\S*[\\/])?(?:cmd|powershell|pwsh)(?:\.exe)? +/i;

/** Options of a Unix shell, up to and with the `-c` in front of the command. */
const UNIX_OPTIONS = /^(?:(?:[-+]\w*o +\w+|-(?!\w*c )[\w-]+|\+\w+) +)*-\w*c +/;
/** `/S /C`, `-NoLogo -ExecutionPolicy Bypass -Command`. */
const WINDOWS_OPTIONS =
  /^(?:(?:-executionpolicy +\w+|\/(?!c )\w+|-(?!c |command )\w+) +)*(?:\/c|-c|-command) +/i;

/**
 * The SHELL in front of a command: `/bin/sh -c `, `/bin/bash -eo pipefail -c `, `cmd /S /C `, or any
 * other program named by its whole path with `-c`.
 * @returns its length, the spaces behind it included; 0 where the text begins with none
 */
export function shellPrefixLength(text: string): number {
  const head = text.length > HEAD ? text.slice(0, HEAD) : text;
  return (
    programAndOptions(head, UNIX, UNIX_OPTIONS) ||
    programAndOptions(head, WINDOWS, WINDOWS_OPTIONS) ||
    programAndOptions(head, ANY_PROGRAM, UNIX_OPTIONS)
  );
}

function programAndOptions(text: string, program: RegExp, options: RegExp): number {
  const start = program.exec(text)?.[0].length ?? 0;
  if (start === 0) return 0;
  const length = options.exec(text.slice(start))?.[0].length ?? 0;
  return length === 0 ? 0 : start + length;
}

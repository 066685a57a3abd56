/** Only this many characters are searched for a shell, to bound the time that hostile text takes. */
const MAX_PREFIX = 4096;

const UNIX = /^(?:\S*\/)?(?:busybox +)?(?:sh|bash|ash|dash|zsh|ksh|mksh|fish) +/;
const ANY_PROGRAM = /^\/\S+ +(?=-c )/;
const WINDOWS = /^(?:\S*[\\/])?(?:cmd|powershell|pwsh)(?:\.exe)? +/i;

/** Options of a Unix shell, up to and including the `-c` in front of the command. */
const UNIX_OPTIONS = /^(?:(?:[-+]\w*o +\w+|-(?!\w*c )[\w-]+|\+\w+) +)*-\w*c +/;
/** `/S /C`, `-NoLogo -ExecutionPolicy Bypass -Command`. */
const WINDOWS_OPTIONS =
  /^(?:(?:-executionpolicy +\w+|\/(?!c )\w+|-(?!c |command )\w+) +)*(?:\/c|-c|-command) +/i;

/**
 * Returns the length of the shell in front of a command: `/bin/sh -c `, `/bin/bash -eo pipefail -c `,
 * `cmd /S /C `, or any other program with an absolute path and `-c`.
 * @returns the length including trailing spaces; 0 if the text does not begin with a shell
 */
export function shellPrefixLength(text: string): number {
  const head = text.length > MAX_PREFIX ? text.slice(0, MAX_PREFIX) : text;
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

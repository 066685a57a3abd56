/** Returns build information in the format of Go 1.18 and later (debug/buildinfo). */
export function goBuildInfo(goVersion: string, lines: readonly string[]): Buffer {
  const header = Buffer.alloc(32);
  header.write('\xff Go buildinf:', 'latin1');
  header[14] = 8;
  header[15] = 2;
  const guard = Buffer.alloc(16, 0x77);
  const modules = Buffer.concat([guard, Buffer.from(`${lines.join('\n')}\n`), guard]);
  return Buffer.concat([header, withLength(Buffer.from(goVersion)), withLength(modules)]);
}

/** Returns a file that begins like an ELF program and has build information at offset `at`. */
export function goProgram(info: Buffer, at = 400_000, size = 700_000): Buffer {
  const program = Buffer.alloc(size, 0x90);
  program.write('\x7fELF\x02\x01\x01', 'latin1');
  // Programs that read build information also contain the magic as a string.
  program.write('\xff Go buildinf:not this', 1000, 'latin1');
  info.copy(program, at);
  return program;
}

function withLength(bytes: Buffer): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

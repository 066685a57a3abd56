/**
 * Reports whether an error comes from the operating system or from zlib: such errors have a number and a code,
 * as in `ENOENT`. Catch only these where they are expected, so that bugs of the program surface.
 */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'errno' in error && 'code' in error && typeof error.code === 'string';
}

/** Reports whether an error means that a file or one of its directories does not exist. */
export function isAbsent(error: unknown): boolean {
  return isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

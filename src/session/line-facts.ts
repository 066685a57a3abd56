import type { LineFacts } from '../case/chain.ts';
import { VERSION } from './version.ts';

/**
 * Returns what each line of a case's log says of its origin: the time, the program and the operator, who is
 * named by an option, else by `EXHUME_OPERATOR`, else not at all.
 */
export function lineFacts(operator: string | undefined, env: NodeJS.ProcessEnv): Omit<LineFacts, 'imageId'> {
  return {
    at: new Date().toISOString(),
    tool: `exhume ${VERSION}`,
    operator: operator ?? env['EXHUME_OPERATOR'] ?? null,
  };
}

import type { LineFacts } from '../case/chain.ts';
import { VERSION } from './version.ts';

/**
 * Returns the facts for a new log line of a case: the time, the program and the operator. The operator comes from
 * the option, else from `EXHUME_OPERATOR`; otherwise it is null.
 */
export function lineFacts(operator: string | undefined, env: NodeJS.ProcessEnv): Omit<LineFacts, 'imageId'> {
  return {
    at: new Date().toISOString(),
    tool: `exhume ${VERSION}`,
    operator: operator ?? env['EXHUME_OPERATOR'] ?? null,
  };
}

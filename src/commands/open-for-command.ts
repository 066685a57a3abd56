import type { Image } from '../image/image.ts';
import type { SessionListener } from '../session/listener.ts';
import { openArchive, pickImage } from '../session/open-archive.ts';
import { openSession, type Session } from '../session/session.ts';
import type { SessionOptions } from '../session/session-options.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { notice } from './output.ts';
import { progressLine } from './progress-line.ts';
import { searchProgress } from './search-progress.ts';

/** The options of a command that affect how its image is opened. */
type OpeningOptions = CommonOptions & Pick<SessionOptions, 'unpack'>;

/** Returns the session options for a command. */
export function sessionOptions(
  options: OpeningOptions,
  { env, signal, stdin }: Pick<CommandContext, 'env' | 'signal' | 'stdin'>,
): SessionOptions {
  return { ...options, env, signal, stdin };
}

/** Returns a listener that prints the reports of a session on standard error. */
export function commandListener(
  { allowIncomplete, quiet }: Pick<CommonOptions, 'allowIncomplete' | 'quiet'>,
  context: Pick<CommandContext, 'onRead' | 'stderr'>,
): SessionListener {
  const isQuiet = quiet === true;
  return {
    warning: (text) => notice(context, quiet, `warning: ${text}`),
    notice: (text) => notice(context, quiet, text),
    arrival: (name) => progressLine(context, name, isQuiet),
    scan: () => searchProgress(context.stderr, isQuiet),
    imageRead: (stacked) =>
      context.onRead?.({ stacked, allowIncomplete: allowIncomplete === true, quiet: isQuiet }),
  };
}

/** Opens an image for a command without reading its layers. */
export async function openImage(
  name: string | undefined,
  options: CommonOptions,
  context: CommandContext,
): Promise<Image> {
  const listener = commandListener(options, context);
  return pickImage(await openArchive(name, sessionOptions(options, context), listener), name, options);
}

/** Opens a session for a command. @throws Problem as {@link openSession} does */
export function openForCommand(
  name: string | undefined,
  options: OpeningOptions,
  context: CommandContext,
  reading: Pick<SessionOptions, 'searching'> = {},
): Promise<Session> {
  return openSession(
    name,
    { ...sessionOptions(options, context), ...reading },
    commandListener(options, context),
  );
}

import { Command, CommanderError, Option } from 'commander';
import { EngineProblem } from '../image/engines/engine-problem.ts';
import { Problem } from '../problem.ts';
import { escapeText } from '../text/escape.ts';
import { SEVERITIES } from '../finding/finding.ts';
import type { CaseOptions, FlagOptions } from './case.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import type { DockerfileOptions } from './dockerfile.ts';
import { exitStatus, incompleteNotice, type ReadImage } from './exit-status.ts';
import type { ExploreOptions } from './explore.ts';
import { notice } from './output.ts';
import type { PackagesOptions } from './packages.ts';
import { REPORT_FORMATS } from '../report/formats/format.ts';
import type { ReportOptions } from './report.ts';
import type { ScanCommandOptions } from './scan.ts';
import { GOALS } from '../retest/verify.ts';
import type { VerifyOptions } from './verify.ts';
import { VERSION } from '../session/version.ts';

const NAMES = `
IMAGE is a saved image (docker-archive, OCI archive or layout directory, skopeo dir:). Its form is detected
from the content, or named: docker-archive:PATH[:REF], oci-archive:PATH[:REF], oci:PATH[:REF], dir:PATH.
Any other name is an image of a local engine. exhume tries docker, podman and nerdctl in turn, or only the
engine of docker-daemon:NAME, containers-storage:NAME (podman) or containerd:NAME (nerdctl, ctr).
docker://NAME is pulled from a registry with skopeo or crane. - reads an archive from standard input.
Without IMAGE, exhume opens the built-in demonstration image.

Exit status:
  0  done
  1  a goal was missed, or a case is broken
  2  the command line or the configuration is wrong
  3  the image or the case cannot be read or written
  4  the result is incomplete (part of the image is missing, damaged or unreadable), or a digest does
     not match`;

const CASE_FILES = `
FILE is the case file. auto:IMAGE means the default case of that image in the state directory
($XDG_STATE_HOME/exhume/cases, named by the image ID), as does --case auto in other commands.`;

/**
 * Runs the command line.
 * @param argv the arguments, without the names of node and the script
 * @returns the exit status
 */
export async function runCli(argv: readonly string[], context: CommandContext): Promise<number> {
  const ended: Ended = { status: 0 };
  const read: ReadImage[] = [];
  const program = buildProgram({ ...context, onRead: (image) => read.push(image) }, ended);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    const incomplete = incompleteNotice(read);
    if (incomplete !== null) notice(context, false, incomplete);
    return exitStatus(ended.status, read);
  } catch (error) {
    return reportError(error, argv.includes('--debug'), context);
  }
}

/** The exit status of a command that ended without an error; it sets 1 if it missed its goal. */
interface Ended {
  status: 0 | 1 | 4;
}

function buildProgram(context: CommandContext, ended: Ended): Command {
  const program = new Command('exhume');
  program
    .description('See everything a container image still carries.')
    .version(VERSION, '--version')
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: (text, writeErr) => writeErr(`exhume: ${text.replace(/^error: /, '')}`),
    })
    .addHelpText('after', NAMES)
    .showHelpAfterError('(exhume --help lists commands and options)');
  common(program)
    .argument('[IMAGE]', 'the image to open')
    .option('--retest <REPORT>', 'compare the image with an earlier report (exhume report -o FILE.json)')
    .option('--no-state', 'start fresh; do not restore or save the last position')
    .option('--no-mouse', 'do not capture the mouse')
    .option(
      '--theme <NAME>',
      'use this theme: auto, dark, light, high-contrast, colour-blind or none (default: auto)',
    )
    .option('--screen-reader', 'print each change as a line instead of drawing panes')
    .option('--keys <FILE>', 'read custom key bindings (default: $XDG_CONFIG_HOME/exhume/keys.yaml)')
    .option('--case <FILE>', 'keep flags, decisions and the log in this case (default: auto)')
    .option('--operator <NAME>', 'log this name in the case (default: $EXHUME_OPERATOR)')
    .action(async (name: string | undefined, options: ExploreOptions) =>
      (await import('./explore.ts')).explore(name, options, context),
    );
  const command = (nameAndArguments: string, description: string): Command =>
    common(program.command(nameAndArguments).description(description).exitOverride()).hook(
      'preAction',
      (_, action) => inheritOptions(program, action),
    );

  command('summary', 'print identity, layers and counts')
    .argument('[IMAGE]')
    .action(async (name: string | undefined, options: CommonOptions) =>
      (await import('./summary.ts')).summary(name, options, context),
    );
  command('ls', 'list the entries of the layers')
    .argument('[IMAGE]')
    .option('--layer <N>', 'list only the entries of this layer')
    .option('--after <N>', 'list the tree after this layer')
    .option('--final', 'list the final tree, which the container sees')
    .option('--changes', 'list only changes, including deletions')
    .option('--deleted', 'list files that a layer has but the final tree does not')
    .option('--setuid', 'list files that are setuid, setgid or have capabilities in any layer')
    .option('--match <GLOB>', 'list only matching paths')
    .action(async (name: string | undefined, options) =>
      (await import('./ls.ts')).ls(name, options, context),
    );
  command('path', 'show the history of one path across the layers')
    .argument('<IMAGE>')
    .argument('<PATH>')
    .action(async (name: string, wanted: string, options) =>
      (await import('./path.ts')).path(name, wanted, options, context),
    );
  command('cat', 'print the content of a file, deleted or not')
    .argument('<IMAGE>')
    .argument('<PATH>')
    .option('--layer <N>', 'print the version in this layer (default: the newest)')
    .option('--raw', 'do not escape control characters on a terminal')
    .action(async (name: string, wanted: string, options) =>
      (await import('./cat.ts')).cat(name, wanted, options, context),
    );
  command('extract', 'extract files into a new directory, with an evidence record')
    .argument('<IMAGE>')
    .argument('<PATH...>')
    .requiredOption('-o, --output <DIR>', 'write to this directory, which must be new or empty')
    .option('--layer <N>', 'extract the versions in this layer (default: the newest)')
    .option('--case <FILE>', 'log the extraction in this case')
    .action(async (name: string, wanted: string[], options) => {
      ended.status = await (await import('./extract.ts')).extract(name, wanted, options, context);
    });
  command('history', 'list the history entries, each with the layer that it created')
    .argument('[IMAGE]')
    .action(async (name: string | undefined, options: CommonOptions) =>
      (await import('./history.ts')).history(name, options, context),
    );
  command('dockerfile', 'reconstruct the Dockerfile, with each line observed or inferred')
    .argument('[IMAGE]')
    .option('--from-history', 'use the history even if the builder recorded the Dockerfile')
    .action(async (name: string | undefined, options: DockerfileOptions) =>
      (await import('./dockerfile.ts')).dockerfile(name, options, context),
    );
  command('packages', 'list packages, and the layers that added, changed or removed them')
    .argument('[IMAGE]')
    .option('--format <FORMAT>', 'write table, json or cyclonedx', 'table')
    .option('--no-programs', 'do not search programs for Go build information')
    .action(async (name: string | undefined, options: PackagesOptions) =>
      (await import('./packages.ts')).packages(name, options, context),
    );
  command('scan', 'find secrets and insecure settings')
    .argument('[IMAGE]')
    .option(
      '--fail-on <SEVERITY>',
      'exit with 1 for a finding of at least this severity: critical, high, medium, low, info',
    )
    .option('--show-suppressed', 'also list suppressed findings, with the reason')
    .addOption(new Option('--show-demoted').implies({ showSuppressed: true }).hideHelp())
    .option('--format <FORMAT>', 'write table, json, csv, sarif or junit', 'table')
    .option('--lowest-efficiency <0..1>', "exit with 1 below this value (dive's rule lowestEfficiency)")
    .option('--highest-wasted-bytes <SIZE>', "exit with 1 above this size (dive's rule highestWastedBytes)")
    .option(
      '--highest-user-wasted-percent <0..1>',
      "exit with 1 above this value (dive's rule highestUserWastedPercent)",
    )
    .option('--dive-ci <FILE>', "read dive's rules from this file (default: .dive-ci, if it exists)")
    .option('--no-unpack', 'do not search archives and compressed files')
    .action(async (name: string | undefined, options: ScanCommandOptions) => {
      ended.status = await (await import('./scan.ts')).scan(name, options, context);
    });
  command('waste', 'list wasted bytes by layer and by path')
    .argument('[IMAGE]')
    .action(async (name: string | undefined, options: CommonOptions) =>
      (await import('./waste.ts')).waste(name, options, context),
    );
  command('report', 'write a report: the findings by urgency, and what to do about each')
    .argument('[IMAGE]')
    .requiredOption(
      '-o, --output <FILE>',
      'write to this file, in the format of its extension; - means standard output',
    )
    .option('--format <FORMAT>', `write ${REPORT_FORMATS.join(', ')}`)
    .option('--case <FILE>', 'include the flags, decisions and log of this case, and log the export')
    .option(
      '--reveal',
      'write credentials in plain text (markdown, html, json); asks first, and logs it in the case',
    )
    .option('--yes', 'do not ask before revealing; needed without a terminal')
    .option('--also <IMAGE...>', 'report which layers these images share')
    .option('--force', 'replace an existing file, except one that exhume reads')
    .action(async (name: string | undefined, options: ReportOptions) =>
      (await import('./report.ts')).report(name, options, context),
    );
  command('verify', 'retest: compare an earlier report with an image')
    .argument('<REPORT>', 'a report written by exhume report -o FILE.json')
    .argument('<IMAGE>')
    .option(
      '--goal <GOAL...>',
      `check these goals: ${GOALS.join(', ')} (default: those of the case or the report, else no-secrets)`,
    )
    .option('--format <FORMAT>', 'write table, json, sarif or junit', 'table')
    .option('--case <FILE>', 'use the goals and decisions of this case, and log the retest')
    .action(async (file: string, name: string, options: VerifyOptions) => {
      ended.status = await (await import('./verify.ts')).verify(file, name, options, context);
    });
  command('compare', 'compare the layers, files, configs and findings of two images')
    .argument('<A>')
    .argument('<B>')
    .action(async (a: string, b: string, options: CommonOptions) =>
      (await import('./compare.ts')).compare(a, b, options, context),
    );
  addCase(program, context, ended);
  return program;
}

/** Adds the commands `exhume case …`. */
function addCase(program: Command, context: CommandContext, ended: Ended): void {
  const held = program
    .command('case')
    .description('manage a case: flags, decisions and a tamper-evident log')
    .addHelpText('after', CASE_FILES)
    .exitOverride();
  const command = (nameAndArguments: string, description: string): Command =>
    common(held.command(nameAndArguments).description(description).exitOverride())
      .option('--operator <NAME>', 'log this name (default: $EXHUME_OPERATOR)')
      .hook('preAction', (_, action) => inheritOptions(program, action));
  command('open', 'create a case about an image')
    .argument('<FILE>')
    .argument('[IMAGE]')
    .option('--goal <GOAL...>', `set the goals for a retest: ${GOALS.join(', ')} (default: no-secrets)`)
    .action(async (file: string, name: string | undefined, options) =>
      (await import('./case.ts')).caseOpen(file, name, options, context),
    );
  command('show', 'print flags, decisions and the log')
    .argument('<FILE>')
    .action(async (file: string, options: CommonOptions) =>
      (await import('./case.ts')).caseShow(file, options, context),
    );
  command('flag', 'flag a file, a range of it, a variable or a history entry as a secret')
    .argument('<FILE>')
    .argument('[PATH]')
    .option('--layer <N>', 'flag the version of the file in this layer')
    .option('--bytes <FROM-TO>', 'flag only these bytes of the file, TO excluded')
    .option('--env <NAME>', 'flag an environment variable')
    .option('--history <N>', 'flag a history entry')
    .option('--kind <TEXT>', 'name the kind of secret', 'Secret')
    .option('--severity <SEVERITY>', `set the severity: ${SEVERITIES.join(', ')}`, 'high')
    .option('--note <TEXT>', 'add a note')
    .action(async (file: string, wanted: string | undefined, options: FlagOptions) =>
      (await import('./case.ts')).caseFlag(file, wanted, options, context),
    );
  command('decide', 'record a verdict on findings: confirmed, rotated, false-alarm, accepted')
    .argument('<FILE>')
    .argument('<VERDICT>')
    .argument('<FINDING...>')
    .option('--reason <TEXT>', 'record the reason; required for accepted')
    .option('--until <DATE>', 'accept only until this date')
    .action(async (file: string, verdict: string, findings: string[], options) =>
      (await import('./case.ts')).caseDecide(file, findings, verdict, options, context),
    );
  command('rules', 'print the false alarms as exceptions for exhume.yaml')
    .argument('<FILE>')
    .argument('[IMAGE]', 'the image of the case; comments then describe each finding')
    .option('--into <CONFIG>', 'add the exceptions to this configuration file')
    .action(async (file: string, name: string | undefined, options: CommonOptions & { into?: string }) =>
      (await import('./case.ts')).caseRulesOf(file, name, options, context),
    );
  command('undo', 'undo the last flag or decision')
    .argument('<FILE>')
    .action(async (file: string, options: CaseOptions) =>
      (await import('./case.ts')).caseUndo(file, options, context),
    );
  command('verify', 'check the head, the log and the seal of a case')
    .argument('<FILE>')
    .action(async (file: string, options: CommonOptions) => {
      ended.status = await (await import('./case.ts')).caseVerify(file, options, context);
    });
}

/** Applies options given before the command name to the command, unless it has its own values. */
function inheritOptions(program: Command, action: Command): void {
  for (const [name, value] of Object.entries(program.opts())) {
    const given = program.getOptionValueSource(name) === 'cli';
    if (given && action.getOptionValueSource(name) !== 'cli')
      action.setOptionValueWithSource(name, value, 'cli');
  }
}

/** Adds the options that every command has. */
function common(command: Command): Command {
  return command
    .option('--platform <os/arch>', 'select a platform, such as linux/arm64 (default: this machine)')
    .option('--image <REF|INDEX>', 'select an image of an archive')
    .option('--base <IMAGE>', 'use this base image to distinguish base and application layers')
    .option('--engine <CLI>', 'get images from this program: nerdctl, finch or a path')
    .option('--keep <FILE>', 'save the archive from an engine, a registry or standard input')
    .option('--config <FILE>', 'read custom rules and exceptions (default: exhume.yaml in this directory)')
    .option('--no-color', 'do not use colours')
    .option('--quiet', 'do not print warnings and notices')
    .option('--json', 'print one JSON object')
    .option('--verify', 'compute and check digests (the default)', true)
    .option('--no-verify', 'do not compute digests; in summary, do not scan either')
    .option('--allow-incomplete', 'exit with 0 instead of 4 for an incomplete result or a wrong digest')
    .addOption(new Option('--debug', 'print a stack trace for an error').hideHelp());
}

function reportError(error: unknown, debug: boolean, context: CommandContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Problem && error.code === 'cancelled') return 130;
  const problem = error instanceof Problem ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  const prefix = problem === null ? 'internal error: ' : '';
  context.stderr.write(`exhume: ${prefix}${escapeText(message)}\n`);
  if (error instanceof EngineProblem) {
    for (const note of error.notes) context.stderr.write(`exhume:   ${escapeText(note)}\n`);
  }
  if (debug && error instanceof Error)
    context.stderr.write(`${escapeText(error.stack ?? '').replaceAll('\\x0a', '\n')}\n`);
  else if (problem === null) context.stderr.write('exhume: run it again with --debug for a stack trace\n');
  return problem?.exitStatus ?? 3;
}

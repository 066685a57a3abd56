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
IMAGE is a saved image (docker-archive, OCI archive or layout folder, skopeo dir:), opened by what it
holds; docker-archive:PATH[:REF], oci-archive:PATH[:REF], oci:PATH[:REF] and dir:PATH name the form.
Any other name is an image of a local engine: docker, podman and nerdctl are asked in turn;
docker-daemon:NAME, containers-storage:NAME (podman) and containerd:NAME (nerdctl, ctr) name the engine.
docker://NAME is pulled from a registry by skopeo or crane; - reads an archive from standard input.
Without IMAGE the built-in demonstration image is opened.

Exit status: 0 done; 1 the goal was missed; 2 the command line is wrong; 3 the image cannot be read;
4 the result is incomplete (part of the image is missing, damaged or unreadable) or a digest does not match.`;

const CASE_FILES = `
FILE is the case's file. auto:IMAGE stands for the case of that image in the state folder
($XDG_STATE_HOME/exhume/cases, by the digest of the image), as does --case auto in other commands.`;

/**
 * Runs the program.
 * @param argv arguments without the program's own two
 * @returns the exit status of the contract
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

/** How a command ended: one that misses its goal sets the status to 1. */
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
    .argument('[IMAGE]', 'what to open')
    .option('--retest <REPORT>', 'hold an earlier report (exhume report -o FILE.json) against the image')
    .option('--no-state', 'begin anew, and do not keep where you were in the image')
    .option('--no-mouse', 'leave the mouse to the terminal')
    .option('--theme <NAME>', 'auto, dark, light, high-contrast, colour-blind or none')
    .option('--screen-reader', 'print lines that say what changes instead of drawing panes')
    .option('--keys <FILE>', 'keys of your own; else keys.yaml in $XDG_CONFIG_HOME/exhume')
    .option('--case <FILE>', 'keep flags, decisions and the log there; else in the state folder')
    .option('--operator <NAME>', 'who does it; else EXHUME_OPERATOR')
    .action(async (name: string | undefined, options: ExploreOptions) =>
      (await import('./explore.ts')).explore(name, options, context),
    );
  const command = (nameAndArguments: string, description: string): Command =>
    common(program.command(nameAndArguments).description(description).exitOverride()).hook(
      'preAction',
      (_, action) => inheritOptions(program, action),
    );

  command('summary', 'identity, layers with instruction and size, counts')
    .argument('[IMAGE]')
    .action(async (name: string | undefined, options: CommonOptions) =>
      (await import('./summary.ts')).summary(name, options, context),
    );
  command('ls', 'entries of the layers')
    .argument('[IMAGE]')
    .option('--layer <N>', 'only what this layer holds')
    .option('--after <N>', 'the tree as it is after this layer')
    .option('--final', 'what a container sees')
    .option('--changes', 'only what changed, deletions included')
    .option('--deleted', 'what some layer has and the final tree has not')
    .option('--setuid', 'files that are setuid, setgid or have capabilities in any layer')
    .option('--match <GLOB>', 'only paths that match')
    .action(async (name: string | undefined, options) =>
      (await import('./ls.ts')).ls(name, options, context),
    );
  command('path', 'what every layer did to one path')
    .argument('<IMAGE>')
    .argument('<PATH>')
    .action(async (name: string, wanted: string, options) =>
      (await import('./path.ts')).path(name, wanted, options, context),
    );
  command('cat', 'the content of a file, deleted or not')
    .argument('<IMAGE>')
    .argument('<PATH>')
    .option('--layer <N>', 'the generation that this layer holds')
    .option('--raw', 'write the bytes as they are, to a terminal too')
    .action(async (name: string, wanted: string, options) =>
      (await import('./cat.ts')).cat(name, wanted, options, context),
    );
  command('extract', 'files into a new folder, with an evidence record')
    .argument('<IMAGE>')
    .argument('<PATH...>')
    .requiredOption('-o, --output <DIR>', 'a folder that is new or empty')
    .option('--layer <N>', 'the generation that this layer holds')
    .option('--case <FILE>', 'log it in this case')
    .action(async (name: string, wanted: string[], options) => {
      ended.status = await (await import('./extract.ts')).extract(name, wanted, options, context);
    });
  command('history', 'every history entry with the layer it made')
    .argument('[IMAGE]')
    .action(async (name: string | undefined, options: CommonOptions) =>
      (await import('./history.ts')).history(name, options, context),
    );
  command('dockerfile', 'the Dockerfile as far as it can be rebuilt, each line observed or inferred')
    .argument('[IMAGE]')
    .option('--from-history', 'rebuild it even where the builder recorded its own file')
    .action(async (name: string | undefined, options: DockerfileOptions) =>
      (await import('./dockerfile.ts')).dockerfile(name, options, context),
    );
  command('packages', 'what is installed, and which layer brought, changed or removed it')
    .argument('[IMAGE]')
    .option('--format <FORMAT>', 'table, json or cyclonedx', 'table')
    .option('--no-programs', "leave programs closed: Go's build information is not looked for")
    .action(async (name: string | undefined, options: PackagesOptions) =>
      (await import('./packages.ts')).packages(name, options, context),
    );
  command('scan', 'secrets and posture: what is wrong with the image')
    .argument('[IMAGE]')
    .option('--fail-on <SEVERITY>', 'exit 1 for a finding as bad as this: critical, high, medium, low, info')
    .option('--show-demoted', 'list what was demoted too, with the reason')
    .option('--format <FORMAT>', 'table, json, csv, sarif or junit', 'table')
    .option('--lowest-efficiency <0..1>', "exit 1 below this: dive's rule lowestEfficiency")
    .option('--highest-wasted-bytes <SIZE>', "exit 1 above this: dive's rule highestWastedBytes")
    .option('--highest-user-wasted-percent <0..1>', "exit 1 above this: dive's rule highestUserWastedPercent")
    .option('--dive-ci <FILE>', "the file of dive's rules; .dive-ci where it is there")
    .option('--no-unpack', 'leave archives and compressed files closed')
    .action(async (name: string | undefined, options: ScanCommandOptions) => {
      ended.status = await (await import('./scan.ts')).scan(name, options, context);
    });
  command('waste', 'bytes that never reach a container, by layer and by path')
    .argument('[IMAGE]')
    .action(async (name: string | undefined, options: CommonOptions) =>
      (await import('./waste.ts')).waste(name, options, context),
    );
  command('report', 'the remediation report: findings by urgency, what to do, in which order')
    .argument('[IMAGE]')
    .requiredOption(
      '-o, --output <FILE>',
      'where to write it; the ending tells the format; - for standard output',
    )
    .option('--format <FORMAT>', REPORT_FORMATS.join(', '))
    .option('--case <FILE>', 'with its flags, decisions and log; what is exported is logged there')
    .option('--reveal', 'write credentials in the clear (markdown, html, json): asks first, and is logged')
    .option('--yes', 'do not ask; --reveal without a terminal needs it')
    .option('--also <IMAGE...>', 'other images: tell which of the layers they share')
    .option('--force', 'replace an existing file, but never one that exhume reads')
    .action(async (name: string | undefined, options: ReportOptions) =>
      (await import('./report.ts')).report(name, options, context),
    );
  command('verify', 'the retest: each finding of a report fixed, persisting, moved, new or not checked')
    .argument('<REPORT>', 'as exhume report -o FILE.json writes it')
    .argument('<IMAGE>')
    .option('--goal <GOAL...>', `what must hold: ${GOALS.join(', ')}; those of the case, else no-secrets`)
    .option('--format <FORMAT>', 'table, json, sarif or junit', 'table')
    .option('--case <FILE>', 'its goals and decisions; the retest is logged there')
    .action(async (file: string, name: string, options: VerifyOptions) => {
      ended.status = await (await import('./verify.ts')).verify(file, name, options, context);
    });
  command('compare', 'two images: layers shared, files, config, findings')
    .argument('<A>')
    .argument('<B>')
    .action(async (a: string, b: string, options: CommonOptions) =>
      (await import('./compare.ts')).compare(a, b, options, context),
    );
  addCase(program, context, ended);
  return program;
}

/** `exhume case …`: what a responder keeps. */
function addCase(program: Command, context: CommandContext, ended: Ended): void {
  const held = program
    .command('case')
    .description('flags, decisions and a log that nobody can rewrite')
    .addHelpText('after', CASE_FILES)
    .exitOverride();
  const command = (nameAndArguments: string, description: string): Command =>
    common(held.command(nameAndArguments).description(description).exitOverride())
      .option('--operator <NAME>', 'who does it; else EXHUME_OPERATOR')
      .hook('preAction', (_, action) => inheritOptions(program, action));
  command('open', 'begin a case about an image')
    .argument('<FILE>')
    .argument('[IMAGE]')
    .option('--goal <GOAL...>', `what a retest must reach: ${GOALS.join(', ')}`)
    .action(async (file: string, name: string | undefined, options) =>
      (await import('./case.ts')).caseOpen(file, name, options, context),
    );
  command('show', 'flags, decisions and the log')
    .argument('<FILE>')
    .action(async (file: string, options: CommonOptions) =>
      (await import('./case.ts')).caseShow(file, options, context),
    );
  command('flag', 'mark a file, a range of it, a variable or a history entry as a secret')
    .argument('<FILE>')
    .argument('[PATH]')
    .option('--layer <N>', 'the generation of the file')
    .option('--bytes <FROM-TO>', 'a range of the file, the end excluded')
    .option('--env <NAME>', 'an environment variable')
    .option('--history <N>', 'a history entry')
    .option('--kind <TEXT>', 'what it is', 'Secret')
    .option('--severity <SEVERITY>', SEVERITIES.join(', '), 'high')
    .option('--note <TEXT>', 'why')
    .action(async (file: string, wanted: string | undefined, options: FlagOptions) =>
      (await import('./case.ts')).caseFlag(file, wanted, options, context),
    );
  command('decide', 'decide about findings: confirmed, rotated, false-alarm, accepted')
    .argument('<FILE>')
    .argument('<VERDICT>')
    .argument('<FINDING...>')
    .option('--reason <TEXT>', 'why; accepted needs one')
    .option('--until <DATE>', 'until when it is accepted')
    .action(async (file: string, verdict: string, findings: string[], options) =>
      (await import('./case.ts')).caseDecide(file, findings, verdict, options, context),
    );
  command('rules', 'the false alarms, as exceptions for exhume.yaml')
    .argument('<FILE>')
    .argument('[IMAGE]', 'the image of the case: then each is named in a comment')
    .option('--into <CONFIG>', 'add them to this configuration file; what it says stays')
    .action(async (file: string, name: string | undefined, options: CommonOptions & { into?: string }) =>
      (await import('./case.ts')).caseRulesOf(file, name, options, context),
    );
  command('undo', 'take the last flag or decision back')
    .argument('<FILE>')
    .action(async (file: string, options: CaseOptions) =>
      (await import('./case.ts')).caseUndo(file, options, context),
    );
  command('verify', 'whether the log is whole')
    .argument('<FILE>')
    .action(async (file: string, options: CommonOptions) => {
      ended.status = await (await import('./case.ts')).caseVerify(file, options, context);
    });
}

/** Options given before a command's name count for the command too, unless it was given its own. */
function inheritOptions(program: Command, action: Command): void {
  for (const [name, value] of Object.entries(program.opts())) {
    const given = program.getOptionValueSource(name) === 'cli';
    if (given && action.getOptionValueSource(name) !== 'cli')
      action.setOptionValueWithSource(name, value, 'cli');
  }
}

/** The options of every command. */
function common(command: Command): Command {
  return command
    .option('--platform <os/arch>', 'which platform of several, as in linux/arm64')
    .option('--image <REF|INDEX>', 'which of several images in an archive')
    .option('--base <IMAGE>', 'tell base layers from application layers by this image')
    .option('--engine <CLI>', 'ask this program for images, as in nerdctl, finch or a path')
    .option('--keep <FILE>', 'keep the archive that an engine or standard input sends')
    .option('--config <FILE>', 'your own rules and exceptions (default: exhume.yaml of this directory)')
    .option('--no-color', 'no colours')
    .option('--quiet', 'no warnings')
    .option('--json', 'one JSON object on standard output')
    .option('--no-verify', 'do not recompute digests; summary: nor look for findings')
    .option('--allow-incomplete', 'exit 0 in place of 4 for an incomplete result or a wrong digest')
    .addOption(new Option('--debug', 'show a trace with an error').hideHelp());
}

function reportError(error: unknown, debug: boolean, context: CommandContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Problem && error.code === 'cancelled') return 130;
  const problem = error instanceof Problem ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  const prefix = problem === null ? 'an error in exhume itself: ' : '';
  context.stderr.write(`exhume: ${prefix}${escapeText(message)}\n`);
  if (error instanceof EngineProblem) {
    for (const note of error.notes) context.stderr.write(`exhume:   ${escapeText(note)}\n`);
  }
  if (debug && error instanceof Error)
    context.stderr.write(`${escapeText(error.stack ?? '').replaceAll('\\x0a', '\n')}\n`);
  else if (problem === null) context.stderr.write('exhume: run it again with --debug for the trace\n');
  return problem?.exitStatus ?? 3;
}

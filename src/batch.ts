/** A session without a person: lines from `-c`, a script or stdin; answers as plain text or JSON on stdout. */
import { type CliOptions, openOptionsOf } from './cli-options.ts';
import type { RunContext } from './commands/define.ts';
import { openingModel } from './commands/open.ts';
import { pauseUnlessStopped } from './commands/run-pausing.ts';
import { runScript } from './commands/runner.ts';
import { digestWarning, readScript, replayFilter } from './commands/session-script.ts';
import { startSession } from './commands/session-start.ts';
import { exitCodeOf, WhittleError } from './graph/error.ts';
import { sourceOf } from './graph/names.ts';
import { finish } from './graph/progress.ts';
import { noSuchNode } from './graph/suggest.ts';
import { cellText, errorText } from './render/cell-text.ts';
import { renderJson } from './render/json.ts';
import { renderPlain } from './render/plain.ts';
import type { Cell } from './session/cell.ts';
import { NodeHost } from './session/node-host.ts';
import { Session } from './session/session.ts';

/** @returns the process exit code. */
export async function runBatch(options: CliOptions): Promise<number> {
	const session = new Session(new NodeHost());
	try {
		return await run(session, options);
	} catch (error) {
		if (!(error instanceof WhittleError)) throw error;
		return report(error, options);
	}
}

async function run(session: Session, options: CliOptions): Promise<number> {
	if (options.debug) session.settings.set('debug', 'on');
	const interrupt = new AbortController();
	const print = (cell: Cell): void => {
		const { stdout, stderr } = options.json ? { stdout: renderJson(cell), stderr: '' } : cellText(cell);
		if (stdout) process.stdout.write(stdout);
		if (stderr) process.stderr.write(stderr);
	};
	const context = contextOf(interrupt.signal, print);
	const start = options.resume ? await startSession(session, context, { resume: true }) : undefined;
	for (const note of start?.notes ?? []) process.stderr.write(`warning: ${note}\n`);
	openGiven(session, options);
	const script = options.script === undefined ? undefined : readScript(session, options.script);
	const source = script?.text ?? options.lines ?? stdinText();
	const onInterrupt = (): void => interrupt.abort();
	process.on('SIGINT', onInterrupt);
	try {
		const { exitCode } = await runScript(session, source, context, {
			keepGoing: options.keepGoing,
			numbered: options.lines === undefined,
			...(script ? { filter: replayFilter(session) } : {}),
			onCell: print,
		});
		const warning = script && digestWarning(session, script);
		if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
		return exitCode;
	} finally {
		process.off('SIGINT', onInterrupt);
		start?.journal.close();
	}
}

/** Opens MODEL and sets what `--inputs` and `--outputs` say. */
function openGiven(session: Session, options: CliOptions): void {
	const { model, inputs, outputs, tags, signature } = options;
	const openOptions = openOptionsOf(options);
	if (model !== undefined) finish(openingModel(session, model, openOptions));
	if (!session.isOpen) {
		if (inputs ?? outputs ?? tags ?? signature)
			throw new WhittleError(
				'usage',
				'--inputs, --outputs, --tags and --signature want a MODEL beside them.',
			);
		return;
	}
	if (inputs) session.setInputs(checked(session, inputs));
	if (outputs) session.setOutputs(checked(session, outputs));
}

function checked(session: Session, names: readonly string[]): readonly string[] {
	for (const name of names) {
		const node = sourceOf(name);
		if (session.graph.has(node)) continue;
		throw noSuchNode(node, session.graph.position.keys());
	}
	return names;
}

async function* stdinText(): AsyncGenerator<string> {
	process.stdin.setEncoding('utf8');
	for await (const piece of process.stdin) yield String(piece);
}

/** @param print shows the cells of a script that a line runs. */
function contextOf(signal: AbortSignal, print: (cell: Cell) => void): RunContext {
	return {
		signal,
		interactive: false,
		progress: () => {},
		pause: () => pauseUnlessStopped(signal),
		plain: renderPlain,
		onCell: print,
	};
}

function report(error: WhittleError, { json }: CliOptions): number {
	if (json) {
		const { code, message, hint } = error;
		const object = { ok: false, error: { code, message, ...(hint === undefined ? {} : { hint }) } };
		process.stdout.write(`${JSON.stringify(object)}\n`);
	} else process.stderr.write(errorText(error));
	return exitCodeOf(error.code);
}

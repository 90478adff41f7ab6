/** Starts the shell in a terminal. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { render } from 'ink';
import { type CliOptions, openOptionsOf } from '../cli-options.ts';
import { startModel } from '../commands/open.ts';
import { exitCodeOf, WhittleError } from '../graph/error.ts';
import { errorText } from '../render/cell-text.ts';
import { paintBlock } from '../render/lines.ts';
import { type Painter, painter, themeOf } from '../render/paint.ts';
import { wrapLines } from '../render/wrap.ts';
import type { Answer, Block } from '../session/answer.ts';
import { applyConfig } from '../session/config.ts';
import { Journal } from '../session/journal.ts';
import { NodeHost } from '../session/node-host.ts';
import { journalFolder, stateFolder } from '../session/places.ts';
import { Session } from '../session/session.ts';
import { countFlops, statusOf } from '../session/status.ts';
import { App } from './app.tsx';
import { runLineMode } from './line-mode.ts';
import { PromptHistory } from './prompt-history.ts';
import { eraseWrapped, type Frame, reflowOf } from './reflow.ts';
import { resumeLast } from './resume-last.ts';
import { ShellController } from './shell-controller.ts';
import type { Surroundings } from './snapshot.ts';
import { Terminal } from './terminal.ts';
import { reduceViewer, viewerScreen, viewerState } from './viewer.ts';

/** What opens where no model is named. */
const BUNDLED = 'mtcnn';
const HINT = ' Type a transform or a command. Tab completes, ? explains, Ctrl-D leaves.';

/** @returns the process exit code, once the person has left. */
export async function startShell(options: CliOptions): Promise<number> {
	const session = new Session(new NodeHost());
	const problems = applyConfig(session);
	if (options.debug) session.settings.set('debug', 'on');
	const lines = process.env.TERM === 'dumb' || session.settings.get('reader') === 'on';
	return lines ? await runLines(session, options, problems) : await runInk(session, options, problems);
}

async function runLines(session: Session, options: CliOptions, problems: readonly string[]): Promise<number> {
	const opening = await openModel(session, options).catch(asFailure);
	if (opening instanceof WhittleError) return refuse(opening);
	opening.journal.attach(session);
	try {
		return await runLineMode(session, [...problems, ...opening.notes], opening.answer);
	} finally {
		opening.journal.close();
	}
}

function asFailure(error: unknown): WhittleError {
	if (error instanceof WhittleError) return error;
	throw error;
}

/** Says why nothing could be opened. @returns the exit code. */
function refuse(error: WhittleError): number {
	process.stderr.write(errorText(error));
	return exitCodeOf(error.code);
}

interface Opening {
	readonly answer: Answer | undefined;
	readonly journal: Journal;
	readonly notes: readonly string[];
}

async function openModel(session: Session, options: CliOptions): Promise<Opening> {
	const folder = journalFolder();
	if (options.resume) return resumeLast(session, folder);
	const openOptions = openOptionsOf(options);
	const model = session.host.openModel(options.model ?? BUNDLED, openOptions);
	const answer = startModel(session, model, openOptions);
	if (options.inputs) session.setInputs(options.inputs);
	if (options.outputs) session.setOutputs(options.outputs);
	return { answer, journal: Journal.create(folder), notes: [] };
}

/** The prompt comes first and the model after it: what is typed meanwhile is kept. */
async function runInk(session: Session, options: CliOptions, problems: readonly string[]): Promise<number> {
	const terminal = new Terminal(process.stdin, process.stdout);
	terminal.open();
	const paint = (): Painter => painter(themeOf(session.settings.get('theme')));
	let leave: (code: number) => void = () => {};
	const left = new Promise<number>((resolve) => {
		leave = resolve;
	});
	const around: Surroundings = {
		columns: () => terminal.columns,
		listFolder,
		view: (blocks) =>
			view(
				terminal,
				blocks,
				paint(),
				(keys) => terminal.listen(keys),
				(events) => controller.keys(events),
			),
		suspend: () => terminal.suspend(() => controller.refresh()),
		repaint: () => controller.refresh(),
		editText: async (text) => terminal.lend(() => editText(text)),
		leave: (code) => leave(code),
	};
	const controller = new ShellController(session, new PromptHistory(join(stateFolder(), 'history')), around);
	controller.opening(options.resume ? 'the last session' : (options.model ?? BUNDLED));
	let frame: Frame | undefined;
	const app = render(
		<App
			controller={controller}
			size={() => ({ columns: terminal.columns, rows: terminal.rows })}
			paint={paint}
			onFrame={(drawn) => {
				frame = drawn;
			}}
		/>,
		{
			exitOnCtrlC: false,
			patchConsole: false,
			maxFps: 120,
		},
	);
	const end = (code: number) => (): void => leave(code);
	process.once('SIGTERM', end(143));
	process.once('SIGHUP', end(129));
	await setImmediate();
	const opening = await openModel(session, options).catch(asFailure);
	if (opening instanceof WhittleError) {
		controller.hide();
		app.unmount();
		terminal.stop();
		return refuse(opening);
	}
	opening.journal.attach(session);
	controller.opened(welcome(opening, problems, paint(), terminal.columns), opening.answer?.next ?? []);
	terminal.start((events) => controller.keys(events));
	// Ink hears of a resize between these two.
	const beforeResize = (): void => {
		if (frame && !controller.snapshot().viewing)
			process.stdout.write(eraseWrapped(frame, terminal.columns, reflowOf()));
	};
	const onResize = (): void => controller.refresh();
	process.stdout.prependListener('resize', beforeResize);
	process.stdout.on('resize', onResize);
	countFlopsLater(session, controller);
	try {
		return await left;
	} finally {
		process.stdout.off('resize', beforeResize);
		process.stdout.off('resize', onResize);
		app.unmount();
		terminal.stop();
		opening.journal.close();
	}
}

function welcome(
	{ answer, notes }: Opening,
	problems: readonly string[],
	paint: Painter,
	width: number,
): string[] {
	const blocks = (answer?.blocks ?? []).flatMap((block) =>
		wrapLines(paintBlock(block, paint, width), width - 1),
	);
	return [
		...blocks.map((line) => ` ${line}`),
		...[...problems, ...notes].map((text) => paint.text(` ! ${text}`, 'warn')),
		paint.text(HINT, 'dim'),
	];
}

/** Of larger graphs FLOPs are counted when `flops` or `counts` asks: it takes seconds, in which no key is read. */
const MOST_COSTED = 20_000;

/** A large graph is costed once the first prompt is there. */
function countFlopsLater(session: Session, controller: ShellController): void {
	if (!session.isOpen || statusOf(session)?.flops !== undefined) return;
	const { graph } = session;
	if (graph.nodes.length > MOST_COSTED) return;
	setTimeout(() => {
		countFlops(graph);
		controller.refresh();
	}, 50).unref();
}

/** Names in a folder, folders with a `/` behind; `~` is somebody's home. */
function listFolder(path: string): readonly string[] {
	try {
		const place = path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path;
		return readdirSync(place, { withFileTypes: true })
			.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
			.sort();
	} catch {
		return [];
	}
}

/** The alternate screen for a long answer, until the person leaves it. */
async function view(
	terminal: Terminal,
	blocks: readonly Block[],
	paint: Painter,
	listen: (keys: Parameters<Terminal['listen']>[0]) => void,
	after: Parameters<Terminal['listen']>[0],
): Promise<void> {
	// Ink must have taken its last frame away before the screen changes.
	await new Promise((resolve) => setTimeout(resolve, 30));
	let state = viewerState(blocks, paint, terminal.columns);
	const draw = (): void => {
		terminal.stdout.write(`\x1b[H\x1b[J${viewerScreen(state, terminal.columns, terminal.rows, paint)}`);
	};
	terminal.enterAlternate();
	draw();
	terminal.stdout.on('resize', draw);
	await new Promise<void>((resolve) => {
		listen((events) => {
			for (const event of events) state = reduceViewer(state, event, terminal.rows - 1);
			if (state.done) resolve();
			else draw();
		});
	});
	terminal.stdout.off('resize', draw);
	listen(after);
	terminal.leaveAlternate();
}

/** The line in somebody's editor; undefined when there is none or it fails. */
function editText(text: string): string | undefined {
	const editor = process.env.VISUAL || process.env.EDITOR;
	if (!editor) return undefined;
	const folder = mkdtempSync(join(tmpdir(), 'whittle-'));
	const file = join(folder, 'line.whittle');
	try {
		writeFileSync(file, text);
		const done = spawnSync(editor, [file], { stdio: 'inherit', shell: true });
		return done.status === 0 ? readFileSync(file, 'utf8') : undefined;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

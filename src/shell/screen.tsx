/** The shell on a capable terminal: Ink mounted on a session, until the person leaves or wants another layout. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { render } from 'ink';
import type { RunContext } from '../commands/define.ts';
import { WhittleError } from '../graph/error.ts';
import { paintBlock } from '../render/lines.ts';
import { type Painter, painter, themeOf } from '../render/paint.ts';
import { wrapLines } from '../render/wrap.ts';
import { stateFolder } from '../session/places.ts';
import type { Session } from '../session/session.ts';
import { App } from './app.tsx';
import type { Ending } from './ending.ts';
import type { Opening } from './opening.ts';
import { PromptHistory } from './prompt-history.ts';
import { eraseWrapped, type Frame, reflowOf } from './reflow.ts';
import { ShellController } from './shell-controller.ts';
import type { Surroundings } from './snapshot.ts';
import { editText, listFolder } from './surroundings.ts';
import { Terminal } from './terminal.ts';
import { viewBlocks } from './view-blocks.ts';

const HINT = ' Type a transform or a command. Tab completes, ? explains, Ctrl-D leaves.';

/** A model to be read once the prompt is there. */
export interface Unopened {
	/** What is read. */
	readonly name: string;
	/** @throws WhittleError where it cannot be. */
	open(context: RunContext): Promise<Opening>;
}

/**
 * @param unopened what is read first: the prompt comes before it, and what is typed meanwhile waits for it. Ctrl-C
 * stops the reading. undefined where the session goes on from another layout.
 * @throws WhittleError what the reading throws.
 */
export async function runScreen(session: Session, unopened: Unopened | undefined): Promise<Ending> {
	const terminal = new Terminal(process.stdin, process.stdout);
	terminal.open();
	const paint = (): Painter => painter(themeOf(session.settings.get('theme')));
	let leave: (ending: Ending) => void = () => {};
	const left = new Promise<Ending>((resolve) => {
		leave = resolve;
	});
	const around: Surroundings = {
		columns: () => terminal.columns,
		listFolder,
		view: (blocks) => viewBlocks(terminal, blocks, paint(), (events) => controller.keys(events)),
		suspend: () => terminal.suspend(() => controller.refresh()),
		repaint: () => controller.refresh(),
		editText: async (text) => terminal.lend(() => editText(text)),
		leave: (ending) => leave(ending),
	};
	const controller = new ShellController(session, new PromptHistory(join(stateFolder(), 'history')), around);
	const reading = unopened && controller.opening(unopened.name);
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
	const onTerminate = (): void => leave(143);
	const onHangUp = (): void => leave(129);
	process.once('SIGTERM', onTerminate);
	process.once('SIGHUP', onHangUp);
	await setImmediate();
	terminal.start((events) => controller.keys(events));
	// Ink hears of a resize between these two.
	const beforeResize = (): void => {
		if (frame && !controller.snapshot().viewing)
			process.stdout.write(eraseWrapped(frame, terminal.columns, reflowOf()));
	};
	const onResize = (): void => controller.refresh();
	process.stdout.prependListener('resize', beforeResize);
	process.stdout.on('resize', onResize);
	/** What follows must not stand under a status bar that no longer holds. */
	const takeAway = async (): Promise<void> => {
		controller.hide();
		await setImmediate();
	};
	try {
		if (unopened && reading) {
			const opening = await Promise.race([unopened.open(reading), left]);
			if (typeof opening !== 'object') return opening;
			controller.opened(welcome(opening, paint(), terminal.columns), opening.answer?.next ?? []);
		}
		const ending = await left;
		if (ending === 'other layout') await takeAway();
		return ending;
	} catch (error) {
		if (error instanceof WhittleError) await takeAway();
		throw error;
	} finally {
		process.off('SIGTERM', onTerminate);
		process.off('SIGHUP', onHangUp);
		process.stdout.off('resize', beforeResize);
		process.stdout.off('resize', onResize);
		controller.stop();
		app.unmount();
		terminal.stop();
	}
}

function welcome({ answer, notes }: Opening, paint: Painter, width: number): string[] {
	const blocks = (answer?.blocks ?? []).flatMap((block) =>
		wrapLines(paintBlock(block, paint, width), width - 1),
	);
	return [
		...blocks.map((line) => ` ${line}`),
		...notes.map((text) => paint.text(` ! ${text}`, 'warn')),
		paint.text(HINT, 'dim'),
	];
}

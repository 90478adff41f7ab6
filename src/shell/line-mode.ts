/** The shell for dumb terminals and screen readers: a line in, plain text out, nothing redrawn. */
import { createInterface } from 'node:readline';
import type { RunContext } from '../commands/define.ts';
import { GRAPH_AS_IT_WAS, pauseUnlessStopped } from '../commands/run-pausing.ts';
import { runLine } from '../commands/runner.ts';
import { cellText } from '../render/cell-text.ts';
import { renderPlain } from '../render/plain.ts';
import type { Session } from '../session/session.ts';
import type { Ending } from './ending.ts';
import { keysPage } from './keys-page.ts';
import type { Unopened } from './screen.tsx';

/**
 * @param unopened what is read first; undefined where the session goes on from another layout.
 * @throws WhittleError what the reading throws.
 */
export async function runLineMode(session: Session, unopened: Unopened | undefined): Promise<Ending> {
	// Before there is a prompt Ctrl-C ends the program, as it does any other.
	const opening = await unopened?.open(contextOf(new AbortController().signal));
	for (const note of opening?.notes ?? []) process.stdout.write(`${note}\n`);
	if (opening?.answer) process.stdout.write(renderPlain(opening.answer.blocks));
	const lines = createInterface({
		input: process.stdin,
		output: process.stdout,
		terminal: process.env.TERM !== 'dumb',
	});
	let interrupt = new AbortController();
	lines.on('SIGINT', () => interrupt.abort());
	const prompt = (): void => {
		lines.setPrompt(`whittle[${session.cells + 1}]> `);
		lines.prompt();
	};
	prompt();
	for await (const line of lines) {
		interrupt = new AbortController();
		const cell = await runLine(session, line, contextOf(interrupt.signal));
		const { stdout, stderr } = cellText(cell);
		process.stdout.write(stdout + stderr);
		if (session.pending) process.stdout.write('An empty line applies it; any other drops it.\n');
		if (session.ended) break;
		if (session.settings.get('reader') === 'off' && process.env.TERM !== 'dumb') {
			lines.close();
			return 'other layout';
		}
		prompt();
	}
	lines.close();
	return 0;
}

function contextOf(signal: AbortSignal): RunContext {
	return {
		signal,
		interactive: true,
		width: process.stdout.columns,
		progress: () => {},
		pause: () => pauseUnlessStopped(signal, GRAPH_AS_IT_WAS),
		plain: renderPlain,
		helpPages: new Map([['keys', keysPage()]]),
	};
}

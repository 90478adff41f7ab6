/** The shell for dumb terminals and screen readers: a line in, plain text out, nothing redrawn. */
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { runLine } from '../commands/runner.ts';
import { WhittleError } from '../graph/error.ts';
import { cellText } from '../render/cell-text.ts';
import { renderPlain } from '../render/plain.ts';
import type { Answer } from '../session/answer.ts';
import type { Session } from '../session/session.ts';
import { keysPage } from './keys-page.ts';

/** @returns the process exit code. */
export async function runLineMode(
	session: Session,
	problems: readonly string[],
	opening: Answer | undefined,
): Promise<number> {
	for (const problem of problems) process.stdout.write(`${problem}\n`);
	if (opening) process.stdout.write(renderPlain(opening.blocks));
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
		const { signal } = interrupt;
		const cell = await runLine(session, line, {
			signal,
			interactive: true,
			width: process.stdout.columns,
			progress: () => {},
			async pause() {
				await setImmediate();
				if (signal.aborted)
					throw new WhittleError('interrupted', 'Stopped.', { hint: 'The graph is as it was.' });
			},
			plain: renderPlain,
			helpPages: new Map([['keys', keysPage()]]),
		});
		const { stdout, stderr } = cellText(cell);
		process.stdout.write(stdout + stderr);
		if (session.pending) process.stdout.write('An empty line applies it; any other drops it.\n');
		if (session.ended) break;
		prompt();
	}
	lines.close();
	return 0;
}

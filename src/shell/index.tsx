/** Starts the shell in a terminal, in the layout that is set: a screen, or lines for screen readers. */
import type { CliOptions } from '../cli-options.ts';
import { exitCodeOf, WhittleError } from '../graph/error.ts';
import { errorText } from '../render/cell-text.ts';
import { applyConfig } from '../session/config.ts';
import type { Journal } from '../session/journal.ts';
import { NodeHost } from '../session/node-host.ts';
import { Session } from '../session/session.ts';
import type { Ending } from './ending.ts';
import { runLineMode } from './line-mode.ts';
import { openFirst, openingName } from './opening.ts';
import { runScreen, type Unopened } from './screen.tsx';

/** @returns the process exit code, once the person has left. */
export async function startShell(options: CliOptions): Promise<number> {
	const session = new Session(new NodeHost());
	const problems = applyConfig(session);
	if (options.debug) session.settings.set('debug', 'on');
	let journal: Journal | undefined;
	let unopened: Unopened | undefined = {
		name: openingName(options),
		async open(context) {
			const opening = await openFirst(session, options, context);
			journal = opening.journal;
			journal.attach(session);
			return { ...opening, notes: [...problems, ...opening.notes] };
		},
	};
	try {
		for (;;) {
			const run = isLineMode(session) ? runLineMode : runScreen;
			const ending: Ending = await run(session, unopened);
			if (ending !== 'other layout') return ending;
			// The session goes on as it is.
			unopened = undefined;
		}
	} catch (error) {
		if (!(error instanceof WhittleError)) throw error;
		process.stderr.write(errorText(error));
		return exitCodeOf(error.code);
	} finally {
		journal?.close();
	}
}

/** A dumb terminal cannot do otherwise. */
function isLineMode(session: Session): boolean {
	return process.env.TERM === 'dumb' || session.settings.get('reader') === 'on';
}

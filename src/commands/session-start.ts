/** The beginning of a session that leaves a journal: settings, and the last session where it is asked for. */
import { WhittleError } from '../graph/error.ts';
import { applyConfig } from '../session/config.ts';
import { Journal } from '../session/journal.ts';
import { lastJournal } from '../session/journal-files.ts';
import { configFile, journalFolder } from '../session/places.ts';
import type { Session } from '../session/session.ts';
import type { RunContext } from './define.ts';
import { resumeSession } from './resume.ts';

export interface SessionStart {
	/** Closed when the session ends; `problem` says why nothing is written, if so. */
	readonly journal: Journal;
	/** Sentences for the person: wrong lines of the configuration, where a replay stopped. */
	readonly notes: readonly string[];
	/** Lines that were run again. */
	readonly resumed: number;
}

/**
 * Applies the configuration file, brings back the last session where `resume` is set, and begins the journal.
 * A model that is open is written down, so it comes before or after.
 * @throws WhittleError `file` where there is nothing to resume, or its model is gone or has changed.
 */
export async function startSession(
	session: Session,
	context: RunContext,
	options: { readonly resume: boolean; readonly env?: NodeJS.ProcessEnv },
): Promise<SessionStart> {
	const env = options.env ?? process.env;
	const notes = applyConfig(session, configFile(env));
	const folder = journalFolder(env);
	if (!options.resume) {
		const journal = Journal.create(folder);
		journal.attach(session);
		return { journal, notes, resumed: 0 };
	}
	const { journal, lines, problem } = await resumeLastSession(session, folder, context);
	if (problem !== undefined) notes.push(problem);
	journal.attach(session);
	return { journal, notes, resumed: lines };
}

/**
 * Runs the last session's lines again.
 * @returns its journal, to be gone on with, how many lines were run, and why it stopped before the end if it did.
 * @throws WhittleError `file` where there is nothing to resume, or its model is gone or has changed.
 */
export async function resumeLastSession(
	session: Session,
	folder: string,
	context: RunContext,
): Promise<{ readonly journal: Journal; readonly lines: number; readonly problem: string | undefined }> {
	const last = lastJournal(folder);
	if (last === undefined)
		throw new WhittleError('file', 'There is no session to resume.', {
			hint: 'Start with a model: whittle FILE',
		});
	const { lines, problem } = await resumeSession(session, last, context);
	return { journal: Journal.continue(last), lines, problem };
}

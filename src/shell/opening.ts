/** The first model of a shell: the one that was named, the bundled one, or that of the last session. */
import { type CliOptions, openOptionsOf } from '../cli-options.ts';
import type { RunContext } from '../commands/define.ts';
import { openingModel } from '../commands/open.ts';
import { runPausing } from '../commands/run-pausing.ts';
import { WhittleError } from '../graph/error.ts';
import type { Answer } from '../session/answer.ts';
import { Journal } from '../session/journal.ts';
import { journalFolder } from '../session/places.ts';
import type { Session } from '../session/session.ts';
import { resumeLast } from './resume-last.ts';

export interface Opening {
	/** undefined where the person stopped it: no model is open then. */
	readonly answer: Answer | undefined;
	readonly journal: Journal;
	readonly notes: readonly string[];
}

/** What opens where no model is named. */
const BUNDLED = 'mtcnn';

/** What is being opened, for the person to read. */
export function openingName({ resume, model }: CliOptions): string {
	return resume ? 'the last session' : (model ?? BUNDLED);
}

/** @throws WhittleError where there is nothing to open, or bringing the last session back was stopped half-way. */
export async function openFirst(
	session: Session,
	options: CliOptions,
	context: RunContext,
): Promise<Opening> {
	const folder = journalFolder();
	if (options.resume) return resumeLast(session, folder, context);
	const path = options.model ?? BUNDLED;
	let answer: Answer | undefined;
	const notes: string[] = [];
	try {
		answer = await runPausing(openingModel(session, path, openOptionsOf(options)), `open ${path}`, context);
		if (options.inputs) session.setInputs(options.inputs);
		if (options.outputs) session.setOutputs(options.outputs);
	} catch (error) {
		if (!(error instanceof WhittleError) || error.code !== 'interrupted') throw error;
		notes.push(`Stopped: ${path} was not opened. \`open ${path}\` opens it.`);
	}
	return { answer, journal: Journal.create(folder), notes };
}

/** `whittle --resume`: a session from its journal, by running its lines again. */
import { WhittleError } from '../graph/error.ts';
import { stage, type Work } from '../graph/progress.ts';
import { fingerprintOf } from '../session/fingerprint.ts';
import { type JournalRecord, readJournal } from '../session/journal-files.ts';
import type { Session } from '../session/session.ts';
import type { RunContext } from './define.ts';
import { startingModel } from './open.ts';
import { runPausing } from './run-pausing.ts';
import { runLine } from './runner.ts';

export interface Resumed {
	/** Lines that were run again. */
	readonly lines: number;
	/** Why it stopped before the end; undefined when everything is back. */
	readonly problem: string | undefined;
}

/**
 * Brings a session back with its whole tree. The session's own `onCell` hears nothing of it.
 * @throws WhittleError `file` where the journal names no model, or the model is gone or has changed; `interrupted`.
 */
export async function resumeSession(
	session: Session,
	journal: string,
	context: RunContext,
): Promise<Resumed> {
	const records = readJournal(journal);
	if (!records.some((record) => 'open' in record))
		throw new WhittleError('file', `${journal} holds no session with a model.`);
	const head = records.find((record) => 'whittle' in record);
	const moved = head !== undefined && 'cwd' in head && head.cwd !== process.cwd();
	const { onCell, onOpen } = session;
	session.onCell = undefined;
	session.onOpen = undefined;
	try {
		return await replay(session, records, moved, {
			...context,
			interactive: false,
			replaying: true,
			onCell: undefined,
		});
	} finally {
		session.onCell = onCell;
		session.onOpen = onOpen;
	}
}

async function replay(
	session: Session,
	records: readonly JournalRecord[],
	moved: boolean,
	context: RunContext,
): Promise<Resumed> {
	let lines = 0;
	for (const record of records) {
		if ('open' in record) {
			await runPausing(reopening(session, record.open, moved), record.open.path, context);
			continue;
		}
		if (!('cell' in record)) continue;
		if (record.resumed && !/^\s*open\s/.test(record.input)) {
			session.cells = record.cell - 1;
			const cell = await runLine(session, record.input, context);
			lines++;
			// Half of a session is none: whoever stops it begins again.
			if (!cell.ok && cell.error.code === 'interrupted') throw cell.error;
			if (cell.ok !== record.ok || cell.graph?.step !== record.step) {
				const why = cell.ok ? 'it led to another step than before' : cell.error.message;
				return { lines, problem: `stopped at [${record.cell}] ${record.input}: ${why}` };
			}
		}
		session.cells = record.cell;
		if (record.saved && session.isOpen) session.markSaved();
	}
	return { lines, problem: undefined };
}

type Opened = Extract<JournalRecord, { open: unknown }>['open'];

function* reopening(session: Session, opened: Opened, moved: boolean): Work<void> {
	const { path, place, options, fingerprint, inputs, outputs } = opened;
	const model = yield* stage(session.host.reading(moved ? place : path, options), 0, 0.7);
	if (fingerprintOf(model) !== fingerprint) {
		throw new WhittleError('file', `${model.path} has changed since the session.`, {
			hint: `Put the old file back, or open it afresh: whittle ${model.path}`,
		});
	}
	yield* stage(startingModel(session, model, options), 0.7, 1);
	if (inputs) session.setInputs(inputs);
	if (outputs) session.setOutputs(outputs);
}

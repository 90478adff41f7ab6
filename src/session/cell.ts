/** A cell: a line that was typed, with what came of it. */
import type { WhittleError } from '../graph/error.ts';
import type { Answer } from './answer.ts';
import type { Status } from './status.ts';

interface CellFrame {
	/** Counted from 1 in a session. */
	readonly cell: number;
	/** The line as typed, one statement of it. */
	readonly input: string;
	/** How long it took, in milliseconds. */
	readonly ms: number;
	/** The graph after it; undefined when no model is open. */
	readonly graph: Status | undefined;
	/** The line of the script it stands on, counted from 1; undefined at the prompt. */
	readonly line?: number | undefined;
}

export interface GoodCell extends CellFrame {
	readonly ok: true;
	readonly answer: Answer;
}

export interface FailedCell extends CellFrame {
	readonly ok: false;
	readonly error: WhittleError;
}

/** `ok` also where a check did not hold: then `answer.failed`. */
export type Cell = GoodCell | FailedCell;

/** What a session keeps of a cell, for `log`, the journal and exported scripts. */
export interface LogEntry {
	readonly cell: Cell;
	/** The steps that were current before and after it; undefined when no model was open. */
	readonly stepBefore: number | undefined;
	readonly stepAfter: number | undefined;
	/** Whether an exported script has this line; `step` for transforms, whose lines the history holds. */
	readonly scripted: 'always' | 'asked' | 'never' | 'step';
	/** Whether `--resume` runs it again. */
	readonly resumed: boolean;
}

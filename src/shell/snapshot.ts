/** What is to be seen at one moment, and what the shell asks of the terminal around it. */
import type { Block } from '../session/answer.ts';
import type { Cell } from '../session/cell.ts';
import type { Status } from '../session/status.ts';
import type { Ending } from './ending.ts';
import type { PromptState } from './prompt-model.ts';

/** What is running, once it has taken long enough to be worth a line. */
export interface Running {
	readonly line: string;
	/** When it began, in milliseconds of `performance.now`. */
	readonly started: number;
	readonly done: number;
	readonly total: number;
	readonly label: string | undefined;
	readonly stopping: boolean;
}

export interface Snapshot {
	/** The model that is being read. */
	readonly opening: string | undefined;
	readonly prompt: PromptState;
	/** Cells and other finished pieces, oldest first; never changed once they stand here. */
	readonly finished: readonly Finished[];
	readonly running: Running | undefined;
	/** Lines typed while something runs. */
	readonly queued: readonly string[];
	readonly status: Status | undefined;
	/** The number of the next cell. */
	readonly next: number;
	/** Lines offered under the last answer. */
	readonly offers: readonly string[];
	/** A sentence under the prompt, until the next key. */
	readonly notice: string | undefined;
	/** What the next Enter applies. */
	readonly pending: string | undefined;
	/** Whether a viewer has the screen. */
	readonly viewing: boolean;
}

/** What goes to the scrollback: a cell, or text of the shell's own. */
export type Finished =
	| { readonly id: number; readonly cell: Cell }
	| { readonly id: number; readonly lines: readonly string[] };

/** What the shell asks of the terminal around it. */
export interface Surroundings {
	columns(): number;
	listFolder(path: string): readonly string[];
	/** Shows blocks on the alternate screen until the person leaves. */
	view(blocks: readonly Block[]): Promise<void>;
	suspend(): void;
	repaint(): void;
	/** The text as somebody's editor leaves it; undefined when that fails. */
	editText(text: string): Promise<string | undefined>;
	/** Ends the shell, or this layout of it. */
	leave(ending: Ending): void;
}

/**
 * The journal: every accepted cell as a line of a file, written before the next prompt, so that a killed
 * terminal or a power cut loses nothing. `whittle --resume` reads it (`commands/resume.ts`).
 */

import {
	appendFileSync,
	closeSync,
	fdatasync,
	mkdirSync,
	openSync,
	readFileSync,
	unlinkSync,
	writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../graph/error.ts';
import type { LogEntry } from './cell.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type JournalRecord, journalsIn } from './journal-files.ts';
import type { Session } from './session.ts';

/** Journals that are kept. */
const KEPT = 50;

export class Journal {
	readonly path: string;
	/** Why nothing is written any more; undefined while all is well. */
	problem: string | undefined;
	#file: number | undefined;
	/** Whether the open model stands in the file already. */
	readonly #continued: boolean;

	private constructor(path: string, continued: boolean) {
		this.path = path;
		this.#continued = continued;
	}

	/** A new journal in `folder`; the oldest ones there are removed. Nothing is written before there is something. */
	static create(folder: string, now: Date = new Date()): Journal {
		const name = `${now.toISOString().replace(/[:.]/g, '-')}-${process.pid}.jsonl`;
		const journal = new Journal(join(folder, name), false);
		journal.#guard(() => {
			mkdirSync(folder, { recursive: true, mode: 0o700 });
			for (const old of journalsIn(folder).slice(KEPT - 1)) unlinkSync(old);
		});
		return journal;
	}

	/** Goes on with a journal from which a session was resumed: attach it after that. */
	static continue(path: string): Journal {
		return new Journal(path, true);
	}

	/** Writes down what happens in a session from now on, and the model that is open. */
	attach(session: Session): void {
		session.onOpen = () => this.#opened(session);
		session.onCell = (entry) => this.#cell(session, entry);
		if (session.isOpen && !this.#continued) this.#opened(session);
	}

	close(): void {
		if (this.#file !== undefined) closeSync(this.#file);
		this.#file = undefined;
	}

	#opened(session: Session): void {
		const { model } = session;
		const place = session.host.exists(model.path) ? resolve(model.path) : model.path;
		const fingerprint = fingerprintOf(model);
		this.#write({
			open: {
				path: model.path,
				place,
				options: session.openOptions,
				fingerprint,
				...(session.inputsChosen ? { inputs: session.inputs } : {}),
				...(session.outputsChosen ? { outputs: session.outputs } : {}),
			},
		});
	}

	#cell(session: Session, { cell, stepBefore, stepAfter, resumed }: LogEntry): void {
		// A line that failed half-way may have made steps: `edit` stops where a step no longer fits.
		const again = resumed && (cell.ok || stepBefore !== stepAfter);
		const saved = session.isOpen ? session.saved : undefined;
		this.#write({ cell: cell.cell, input: cell.input, ok: cell.ok, step: stepAfter, resumed: again, saved });
	}

	#write(record: JournalRecord): void {
		this.#guard(() => {
			this.#file ??= this.#begin();
			writeSync(this.#file, `${JSON.stringify(record)}\n`);
			// The system has the line now, which outlives this process; the disk may follow in its own time.
			fdatasync(this.#file, () => undefined);
		});
	}

	#begin(): number {
		const started = isThere(this.path);
		const file = openSync(this.path, 'a', 0o600);
		if (started) appendFileSync(file, '\n');
		else {
			const head: JournalRecord = { whittle: 1, cwd: process.cwd(), started: new Date().toISOString() };
			writeSync(file, `${JSON.stringify(head)}\n`);
		}
		return file;
	}

	/** A full disk or a read-only home must not end a session. */
	#guard(write: () => void): void {
		if (this.problem !== undefined) return;
		try {
			write();
		} catch (error) {
			this.problem = messageOf(error);
		}
	}
}

function isThere(path: string): boolean {
	try {
		return readFileSync(path).length > 0;
	} catch {
		return false;
	}
}

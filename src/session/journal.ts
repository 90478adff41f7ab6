/**
 * The journal: every accepted cell as a line of a file, written before the next prompt, so that a killed
 * terminal or a power cut loses nothing. `whittle --resume` reads it (`commands/resume.ts`).
 */
import { createHash } from 'node:crypto';
import {
	appendFileSync,
	closeSync,
	fdatasync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	unlinkSync,
	writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import type { LogEntry } from './cell.ts';
import { isStillRunning } from './processes.ts';
import type { OpenModel, Session } from './session.ts';

export type JournalRecord =
	| { readonly whittle: 1; readonly cwd: string; readonly started: string }
	| {
			/** A model was opened. */
			readonly open: {
				/** As typed, and where it lies. */
				readonly path: string;
				readonly place: string;
				readonly options: Readonly<Record<string, string>>;
				readonly fingerprint: string;
				/** Chosen before the journal began, by options of the command line. */
				readonly inputs?: readonly string[];
				readonly outputs?: readonly string[];
			};
	  }
	| {
			readonly cell: number;
			readonly input: string;
			readonly ok: boolean;
			/** The step after it. */
			readonly step?: number | undefined;
			/** Whether a resumed session runs it again. */
			readonly resumed: boolean;
			readonly saved?: boolean | undefined;
	  };

/** Journals that are kept. */
const KEPT = 50;
/** Beyond this many bytes a fingerprint looks at samples: reading 500 MB would keep the prompt waiting. */
const SAMPLED = 32 * 1024 * 1024;

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
			this.problem = error instanceof Error ? error.message : String(error);
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

/** The records of a journal. A line that was cut off, by a crash in the middle of writing, is passed over. */
export function readJournal(path: string): JournalRecord[] {
	const records: JournalRecord[] = [];
	for (const line of readFileSync(path, 'utf8').split('\n')) {
		if (line === '') continue;
		try {
			records.push(JSON.parse(line) as JournalRecord);
		} catch {
			// Only the line that was being written can be broken.
		}
	}
	return records;
}

/** The journal of the last session that opened a model and did something; undefined when there is none. */
export function lastJournal(folder: string): string | undefined {
	const ended = journalsIn(folder).filter((path) => !isRunning(path));
	const did = ended.find((path) => readJournal(path).some((record) => 'cell' in record && record.resumed));
	return did ?? ended.find((path) => readJournal(path).some((record) => 'open' in record));
}

/** Newest first. */
function journalsIn(folder: string): string[] {
	let names: string[];
	try {
		names = readdirSync(folder);
	} catch {
		return [];
	}
	return names
		.filter((name) => name.endsWith('.jsonl'))
		.sort()
		.reverse()
		.map((name) => join(folder, name));
}

/** Whether the session of a journal still runs, in another terminal. */
function isRunning(path: string): boolean {
	const [, day, hours, minutes, seconds, id] =
		/([\d-]+)T(\d+)-(\d+)-(\d+)-\d+Z-(\d+)\.jsonl$/.exec(path) ?? [];
	if (id === undefined || Number(id) === process.pid) return false;
	return isStillRunning(Number(id), Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`));
}

/**
 * Tells whether a model is still the same: its sha256; of a large file that of 64 samples and the length, of a
 * large folder that of its graph's nodes and the length.
 */
export function fingerprintOf(model: OpenModel): string {
	const { graph, fileBytes } = model;
	if (fileBytes <= SAMPLED) return model.digest();
	const hash = createHash('sha256').update(String(fileBytes));
	const bytes = graph.parts.source;
	if (!bytes) {
		for (const node of graph.nodes) hash.update(`${node.name} ${node.byteLength}\n`);
		return `nodes-${hash.digest('hex')}`;
	}
	const step = Math.floor((bytes.length - 65_536) / 63);
	for (let i = 0; i < 64; i++) hash.update(bytes.subarray(i * step, i * step + 65_536));
	return `sampled-${hash.digest('hex')}`;
}

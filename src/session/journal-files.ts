/** Journals as files: what one holds, and which there are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isStillRunning } from './processes.ts';

/** A line of a journal. */
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

/** The paths of a folder's journals, newest first; none where there is no such folder. */
export function journalsIn(folder: string): string[] {
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

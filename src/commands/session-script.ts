/** Session scripts as files: reading one, and what its `open` line says of the model. */
import { WhittleError } from '../graph/error.ts';
import type { Session } from '../session/session.ts';

export interface SessionScript {
	readonly file: string;
	readonly text: string;
	/** What its `open` line names. */
	readonly model: string | undefined;
	/** The sha256 in the comment behind it, in hex, perhaps cut short. */
	readonly digest: string | undefined;
}

const OPEN = /^\s*open\s+("[^"]*"|\S+)[^#\n]*(?:#\s*sha256\s+([0-9a-fA-F]{4,64}))?/m;

/** @throws WhittleError `file` where it cannot be read or is no text. */
export function readScript(session: Session, file: string): SessionScript {
	const bytes = session.host.readFile(file);
	let text: string;
	try {
		text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		throw new WhittleError('file', `${file} is not a session script: it is no text.`);
	}
	const open = OPEN.exec(text);
	return { file, text, model: open?.[1]?.replaceAll('"', ''), digest: open?.[2]?.toLowerCase() };
}

/** Leaves out `open` lines while a model is open, so that a script can run on another one. */
export function replayFilter(session: Session): (statement: string) => string | undefined {
	const given = session.isOpen;
	return (statement) => (given && /^open\s/.test(statement) ? undefined : statement);
}

/** Says so where the open model is not the file that the script was made on. */
export function digestWarning(session: Session, script: SessionScript): string | undefined {
	if (script.digest === undefined || !session.isOpen) return undefined;
	if (session.model.digest().startsWith(script.digest)) return undefined;
	return `${session.model.path} is not the file that ${script.file} was made on (its sha256 differs)`;
}

/** What the system says when a file cannot be had, as a sentence that names the file. */
import { messageOf, WhittleError } from '../graph/error.ts';

/** An error of the system as a sentence: `F cannot be read: No such file or directory.` */
export function fileError(what: string, error: unknown): WhittleError {
	if (error instanceof WhittleError) return error;
	const reason = systemReason(error) ?? messageOf(error);
	return new WhittleError('file', `${what}: ${reason}.`, { cause: error });
}

/** The system's reason as C says it: `No such file or directory`; undefined for another kind of error. */
export function systemReason(error: unknown): string | undefined {
	const code = codeOf(error);
	return code === undefined ? undefined : (reasons[code] ?? code);
}

/** An error as the system gives it, by its code: `EISDIR`. */
export function systemError(code: string): Error {
	return Object.assign(new Error(code), { code });
}

/** The system's code of an error; undefined for another kind of error. */
export function codeOf(error: unknown): string | undefined {
	const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
	return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

const reasons: Readonly<Record<string, string>> = {
	ENOENT: 'No such file or directory',
	EISDIR: 'Is a directory',
	ENOTDIR: 'Not a directory',
	EACCES: 'Permission denied',
	EPERM: 'Operation not permitted',
	ENOSPC: 'No space left on device',
	EDQUOT: 'Disk quota exceeded',
	EFBIG: 'File too large',
	EROFS: 'Read-only file system',
	ELOOP: 'Too many levels of symbolic links',
	ENAMETOOLONG: 'File name too long',
	EIO: 'Input/output error',
	EMFILE: 'Too many open files',
	ENOMEM: 'Cannot allocate memory',
};

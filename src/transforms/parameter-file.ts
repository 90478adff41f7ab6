import { systemReason } from '../formats/file-error.ts';
import { WhittleError } from '../graph/error.ts';

/**
 * Reads files that parameters name.
 * @returns a function that says what went wrong as the C++ tool does: `F; No such file or directory`.
 */
export function parameterFiles(readFile: (path: string) => Uint8Array): (path: string) => Uint8Array {
	return (path) => {
		try {
			return readFile(path);
		} catch (error) {
			const reason = systemReason(error instanceof WhittleError ? error.cause : error);
			if (reason === undefined) throw error;
			throw new WhittleError('file', `${path}; ${reason}`, { cause: error });
		}
	};
}

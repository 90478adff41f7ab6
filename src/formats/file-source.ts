/** Files as formats need them: read in part, so that a checkpoint of many gigabytes is never read whole. */
export interface FileSource {
	/** Bytes in the file. @throws WhittleError `file` when there is none. */
	size(path: string): number;
	/** `[start, end)` of a file, the whole of it unless given. @throws WhittleError `file`. */
	read(path: string, start?: number, end?: number): Uint8Array;
	exists(path: string): boolean;
}

/** A source over whole files in memory, or over a function that reads whole files. */
export function wholeFiles(readFile: (path: string) => Uint8Array): FileSource {
	const kept = new Map<string, Uint8Array>();
	const load = (path: string): Uint8Array => {
		const known = kept.get(path);
		if (known) return known;
		const bytes = readFile(path);
		kept.set(path, bytes);
		return bytes;
	};
	return {
		size: (path) => load(path).length,
		read: (path, start = 0, end) => load(path).subarray(start, end),
		exists(path) {
			try {
				load(path);
				return true;
			} catch {
				return false;
			}
		},
	};
}

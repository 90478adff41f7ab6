/** `~` at the beginning of a path, as every shell expands it, and the C++ tool. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';

/** `~` and `~/x` stand for the home folder, `~user/x` for that user's; without a home the path stays. */
export function expandHome(path: string): string {
	const match = /^~([^/]*)/.exec(path);
	if (!match) return path;
	const home = match[1] === '' ? homedir() : homeOf(match[1]!);
	return home ? home + path.slice(match[0].length) : path;
}

/** The home folder in the system's list of users. */
function homeOf(user: string): string | undefined {
	try {
		const line = readFileSync('/etc/passwd', 'latin1')
			.split('\n')
			.find((entry) => entry.startsWith(`${user}:`));
		return line?.split(':')[5];
	} catch {
		return undefined;
	}
}

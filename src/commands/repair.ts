/** Repairs what web pages and word processors do to command lines. */

const REPAIRS: ReadonlyMap<string, string> = new Map([
	['\u201c', '"'],
	['\u201d', '"'],
	['\u201e', '"'],
	['\u2033', '"'],
	['\u2018', "'"],
	['\u2019', "'"],
	['\u201a', "'"],
	['\u2032', "'"],
	['\u00a0', ' '],
	['\u2007', ' '],
	['\u202f', ' '],
	['\u3000', ' '],
	['\u200b', ' '],
	['\ufeff', ' '],
	['\uff08', '('],
	['\uff09', ')'],
	['\uff0c', ','],
	['\uff1d', '='],
]);

/**
 * The line with straight quotes, plain blanks, and without backslashes at line ends. Every character keeps its
 * place, so that an error still points at what was typed. What stands in straight double quotes is left alone.
 */
export function repairLine(text: string): string {
	let repaired = '';
	let quoted = false;
	for (let i = 0; i < text.length; i++) {
		const char = text[i]!;
		if (char === '"') quoted = !quoted;
		if (char === '\\' && quoted && i + 1 < text.length && text[i + 1] !== '\n') {
			repaired += char + text[++i]!;
			continue;
		}
		if (char === '\\' && /^\\[ \t]*(\r?\n|$)/.test(text.slice(i, i + 8))) repaired += ' ';
		else if (quoted) repaired += char;
		else repaired += REPAIRS.get(char) ?? char;
	}
	return repaired;
}

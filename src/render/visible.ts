/** Text from model files made safe to show: what would move the cursor or hide text becomes visible. */

/** C0 and C1 controls, line and paragraph separators, and marks that turn the direction of text. */
const HIDDEN = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const SHORT: ReadonlyMap<string, string> = new Map([
	['\n', '\\n'],
	['\r', '\\r'],
	['\t', '\\t'],
]);

/** Control characters as `\x1b`, `\u202e`, `\n`. */
export function visible(text: string): string {
	return text.replace(HIDDEN, (char) => {
		const short = SHORT.get(char);
		if (short !== undefined) return short;
		const code = char.charCodeAt(0).toString(16);
		return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
	});
}

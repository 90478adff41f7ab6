/** A word as it must be typed in the shell: in quotes where blanks or other marks would cut it. */
export function quoteWord(word: string): string {
	return /^[^\s"'()[\]#;|>?“”‘’]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`;
}

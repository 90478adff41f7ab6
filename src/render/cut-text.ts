/** Texts made to fit a width. */
import stringWidth from 'string-width';

/** What does not fit at the end is left out. */
export function cutEnd(text: string, width: number): string {
	if (stringWidth(text) <= width) return text;
	let kept = '';
	for (const character of text) {
		if (stringWidth(kept + character) > width - 1) break;
		kept += character;
	}
	return width > 0 ? `${kept}…` : '';
}

/** `pnet/PReLU1/alpha/read` in 14 columns: `pnet/PR…a/read`. */
export function cutMiddle(text: string, width: number): string {
	if (stringWidth(text) <= width) return text;
	if (width <= 1) return '…'.slice(0, width);
	const characters = [...text];
	const keep = width - 1;
	const tail = Math.floor(keep / 2);
	let head = '';
	for (const character of characters) {
		if (stringWidth(head + character) > keep - tail) break;
		head += character;
	}
	let end = '';
	for (const character of characters.toReversed()) {
		if (stringWidth(character + end) > tail) break;
		end = character + end;
	}
	return `${head}…${end}`;
}

/** Padded to a width, which it must not exceed. */
export function padTo(text: string, width: number, right = false): string {
	const blanks = ' '.repeat(Math.max(0, width - stringWidth(text)));
	return right ? blanks + text : text + blanks;
}

/**
 * Names that are too wide go without the scopes that all of them share, and are cut in the middle. Those that would
 * look alike then go without all that they have in common at their beginning.
 *
 *   functional/dense_1/Tensordot/MatMul      …/dense_1/Te…ot/MatMul
 *   functional/dense_2/Tensordot/MatMul      …/dense_2/Te…ot/MatMul
 */
export function cutNames(names: readonly string[], width: number): string[] {
	if (names.every((name) => stringWidth(name) <= width)) return [...names];
	const shared = sharedScopes(names);
	const cuts = names.map((name) => cutBehind(name, shared, width));
	const alike = new Map<string, Set<string>>();
	for (const [i, name] of names.entries()) {
		const same = alike.get(cuts[i]!);
		if (same) same.add(name);
		else alike.set(cuts[i]!, new Set([name]));
	}
	return names.map((name, i) => {
		const same = alike.get(cuts[i]!)!;
		return same.size < 2 ? cuts[i]! : cutBehind(name, sharedScopes([...same]), width);
	});
}

/** A name that is too wide, without so many characters at its beginning. */
function cutBehind(name: string, start: number, width: number): string {
	if (stringWidth(name) <= width || start === 0) return cutMiddle(name, width);
	return cutMiddle(`…/${name.slice(start)}`, width);
}

/** Characters of the scopes in which all names lie. */
function sharedScopes(names: readonly string[]): number {
	const [first = ''] = names;
	let length = first.length;
	for (const name of names) {
		let same = 0;
		while (same < length && name[same] === first[same]) same++;
		length = same;
	}
	return first.lastIndexOf('/', length - 1) + 1;
}

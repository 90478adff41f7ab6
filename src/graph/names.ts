/**
 * How the C++ tool reads the strings in `NodeDef.input`. It has two ways and they differ: the split parser
 * (nearly everywhere) and the tensor-id parser (`fold_constants` alone).
 */

/** The parts of `[^]name[:port]`, as the split parser sees them. */
export interface InputParts {
	/** `^` for a control input, else empty. */
	readonly prefix: string;
	readonly name: string;
	/** `:` and what follows it, verbatim, or empty. */
	readonly suffix: string;
}

/** Splits at every `:`; what follows a second one is dropped. One leading `^` goes to the prefix. */
export function inputParts(input: string): InputParts {
	const colon = input.indexOf(':');
	const control = input.charCodeAt(0) === 94;
	if (colon < 0) return { prefix: control ? '^' : '', name: control ? input.slice(1) : input, suffix: '' };
	const second = input.indexOf(':', colon + 1);
	return {
		prefix: control ? '^' : '',
		name: input.slice(control ? 1 : 0, colon),
		suffix: input.slice(colon, second < 0 ? undefined : second),
	};
}

/** The node that an input names: `a` for `a`, `a:1` and `^a`. */
export function sourceOf(input: string): string {
	const control = input.charCodeAt(0) === 94;
	const colon = input.indexOf(':');
	if (colon < 0) return control ? input.slice(1) : input;
	return input.slice(control ? 1 : 0, colon);
}

/** Whether an input is more than the name of a node. */
export function isMarked(input: string): boolean {
	return input.charCodeAt(0) === 94 || input.includes(':');
}

export function isControl(input: string): boolean {
	return input.charCodeAt(0) === 94;
}

/** With `:0` added where no port is written, also to a control input: `a` → `a:0`, `^a` → `^a:0`. */
export function canonicalInput(input: string): string {
	const colon = input.indexOf(':');
	if (colon < 0) return `${input}:0`;
	const second = input.indexOf(':', colon + 1);
	return second < 0 ? input : input.slice(0, second);
}

/** A tensor of a node; `port` −1 stands for its control output. */
export interface TensorId {
	readonly name: string;
	readonly port: number;
}

/** The tensor-id parser: a port is digits at the very end after a `:` that is not the first character. */
export function parseTensorId(text: string): TensorId {
	// The name may itself hold colons: only the last one, before trailing digits, counts.
	const colon = text.lastIndexOf(':');
	if (colon > 0 && /^\d+$/.test(text.slice(colon + 1)))
		return { name: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
	if (isControl(text)) return { name: text.slice(1), port: -1 };
	return { name: text, port: 0 };
}

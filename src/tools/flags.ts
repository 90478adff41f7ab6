/** Command-line flags as TensorFlow's tools read them (spec: core-and-rewiring 2): `--name=value` and nothing else. */

export interface Flag<T> {
	readonly type: 'string' | 'bool' | 'int32';
	readonly default: T;
	readonly usage: string;
	/** undefined when the text is no such value. */
	parse(text: string): T | undefined;
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;

export type FlagValues<F extends Flags> = {
	readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never;
};

export interface ParsedFlags<F extends Flags> {
	readonly values: FlagValues<F>;
	/** Arguments that are no flag, in order. */
	readonly leftover: readonly string[];
	/** What the tool logs about values that it cannot read. */
	readonly problems: readonly string[];
	/** False when a value could not be read or help was asked for. */
	readonly ok: boolean;
}

/** Any text. */
export function stringFlag(fallback: string, usage: string): Flag<string> {
	return { type: 'string', default: fallback, usage, parse: (text) => text };
}

/** `true`, `1`, `false` or `0`, in any case; the flag alone is true. */
export function boolFlag(fallback: boolean, usage: string): Flag<boolean> {
	return {
		type: 'bool',
		default: fallback,
		usage,
		parse(text) {
			if (/^(true|1)$/i.test(text)) return true;
			return /^(false|0)$/i.test(text) ? false : undefined;
		},
	};
}

/** A whole number as C's `sscanf("%d")` reads it; what follows it must be nothing. */
export function int32Flag(fallback: number, usage: string): Flag<number> {
	const parse = (text: string): number | undefined => (/^\s*[+-]?\d+$/.test(text) ? Number(text) : undefined);
	return { type: 'int32', default: fallback, usage, parse };
}

/** Reads the arguments that follow the tool's name. The last of several occurrences of a flag counts. */
export function parseFlags<F extends Flags>(flags: F, args: readonly string[]): ParsedFlags<F> {
	const values: Record<string, unknown> = {};
	for (const [name, flag] of Object.entries(flags)) values[name] = flag.default;
	const leftover: string[] = [];
	const problems: string[] = [];
	const end = args.indexOf('--');
	for (const arg of end < 0 ? args : args.slice(0, end)) {
		const given = readFlag(flags, arg);
		if (!given) leftover.push(arg);
		else if (given.value === undefined)
			problems.push(`Couldn't interpret value ${given.text} for flag ${given.name}.`);
		else values[given.name] = given.value;
	}
	if (end >= 0) leftover.push(...args.slice(end));
	const ok = problems.length === 0 && leftover[0] !== '--help';
	return { values: values as FlagValues<F>, leftover, problems, ok };
}

function readFlag(
	flags: Flags,
	arg: string,
): { name: string; text: string; value: unknown | undefined } | undefined {
	const match = /^--([^=]*)(?:=([\s\S]*))?$/.exec(arg);
	const flag = match && Object.hasOwn(flags, match[1]!) ? flags[match[1]!] : undefined;
	if (!match || !flag) return undefined;
	const [, name, text] = match as unknown as [string, string, string | undefined];
	if (text !== undefined) return { name, text, value: flag.parse(text) };
	return flag.type === 'bool' ? { name, text: '', value: true } : undefined;
}

/** `usage: NAME`, then one line a flag. */
export function usageText(name: string, flags: Flags): string {
	let text = `usage: ${name}\nFlags:\n`;
	for (const [flag, { type, default: fallback, usage }] of Object.entries(flags)) {
		const shown = type === 'string' ? `"${fallback}"` : String(fallback);
		text += `\t${`--${flag}=${shown}`.padEnd(33)}\t${type}\t${usage}\n`;
	}
	return text;
}

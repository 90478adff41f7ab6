/**
 * The parameters of transforms: declared once, read as the C++ tool reads them (spec: core-and-rewiring 5).
 * A value is parsed when a transform asks for it, because the tool reports errors in that order.
 */
import { WhittleError } from '../graph/error.ts';
import { parseFloatText } from './float-text.ts';

/** What a parameter's values name; completion offers what the open graph has of it. */
export type ParameterSubject = 'op' | 'node' | 'attr' | 'dtype' | 'shape' | 'device' | 'file' | 'text';

export type ParameterKind = 'string' | 'strings' | 'int32' | 'int64' | 'float' | 'bool';

export interface Parameter<T> {
	readonly kind: ParameterKind;
	readonly summary: string;
	readonly subject: ParameterSubject;
	/** What stands when nothing is given, as text for help; undefined when it must be given. */
	readonly fallback: string | undefined;
	readonly required: boolean;
	/** Parses all values given under `name`, in order; none when absent. @throws WhittleError `transform`. */
	parse(name: string, given: readonly string[]): T;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** The parsed values of a declaration. Each property parses when it is read. */
export type ParameterValues<P extends Parameters> = {
	readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

/** Values as given, by name, in order of appearance. */
export type GivenParameters = ReadonlyMap<string, readonly string[]>;

interface Options<T> {
	/** Used when the parameter is absent. */
	readonly default?: T;
	/** Message when it is absent, for transforms that insist on it. */
	readonly missing?: string;
	/** Message when it is given more than once; the tool's usual one without it. */
	readonly repeated?: (count: number) => string;
	readonly subject?: ParameterSubject;
}

type Result<T, O> = O extends { default: T } | { missing: string } ? T : T | undefined;

function single<T, O extends Options<T>>(
	kind: ParameterKind,
	summary: string,
	options: O,
	read: (name: string, text: string) => T,
): Parameter<Result<T, O>> {
	return {
		kind,
		summary,
		subject: options.subject ?? 'text',
		fallback: options.default === undefined ? undefined : String(options.default),
		required: options.missing !== undefined,
		parse(name, given) {
			if (given.length > 1) {
				throw new WhittleError(
					'transform',
					options.repeated?.(given.length) ??
						`Expected a single '${name}' parameter, but found ${given.length} occurrences`,
				);
			}
			if (given.length === 1) return read(name, given[0]!) as Result<T, O>;
			if (options.missing !== undefined) throw new WhittleError('transform', options.missing);
			return options.default as Result<T, O>;
		},
	};
}

/** One string. */
export function string<O extends Options<string>>(
	summary: string,
	options: O = {} as O,
): Parameter<Result<string, O>> {
	return single<string, O>('string', summary, options, (_name, text) => text);
}

/** Any number of strings, in order; `missing` insists on at least one. */
export function strings(
	summary: string,
	options: { missing?: string; subject?: ParameterSubject } = {},
): Parameter<readonly string[]> {
	return {
		kind: 'strings',
		summary,
		subject: options.subject ?? 'text',
		fallback: undefined,
		required: options.missing !== undefined,
		parse(_name, given) {
			if (given.length === 0 && options.missing !== undefined)
				throw new WhittleError('transform', options.missing);
			return given;
		},
	};
}

export function int32<O extends Options<number>>(
	summary: string,
	options: O = {} as O,
): Parameter<Result<number, O>> {
	return single<number, O>('int32', summary, options, (name, text) => Number(readInteger(name, text, 32)));
}

/** A 64-bit integer; held as a number, exact up to 2^53. */
export function int64<O extends Options<number>>(
	summary: string,
	options: O = {} as O,
): Parameter<Result<number, O>> {
	return single<number, O>('int64', summary, options, (name, text) => Number(readInteger(name, text, 64)));
}

function readInteger(name: string, text: string, bits: number): bigint {
	const digits = /^[ \t\n\v\f\r]*([+-]?)(\d+)[ \t\n\v\f\r]*$/.exec(text);
	if (digits) {
		const value = BigInt(digits[2]!) * (digits[1] === '-' ? -1n : 1n);
		if (BigInt.asIntN(bits, value) === value) return value;
	}
	throw new WhittleError('transform', `Couldn't interpret the ${name} argument as a number:${text}`);
}

export function float<O extends Options<number>>(
	summary: string,
	options: O = {} as O,
): Parameter<Result<number, O>> {
	return single<number, O>('float', summary, options, readFloat);
}

function readFloat(name: string, text: string): number {
	const trimmed = text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
	const value = parseFloatText(trimmed);
	if (value !== undefined) return value;
	throw new WhittleError('transform', `Couldn't interpret the ${name} argument as a float number:${text}`);
}

/** Exactly `true`, `1`, `false` or `0`. */
export function bool<O extends Options<boolean>>(
	summary: string,
	options: O = {} as O,
): Parameter<Result<boolean, O>> {
	return single<boolean, O>('bool', summary, options, (name, text) => {
		if (text === 'true' || text === '1') return true;
		if (text === 'false' || text === '0') return false;
		throw new WhittleError(
			'transform',
			`Couldn't interpret the ${name} argument as a boolean:${text} (expected true, false, 0 or 1)`,
		);
	});
}

/** Values that parse when read, each at most once. */
export function parameterValues<P extends Parameters>(
	declared: P,
	given: GivenParameters,
): ParameterValues<P> {
	const values = {} as ParameterValues<P>;
	for (const [name, parameter] of Object.entries(declared)) {
		Object.defineProperty(values, name, {
			configurable: true,
			enumerable: true,
			get() {
				const value = parameter.parse(name, given.get(name) ?? []);
				Object.defineProperty(values, name, { value, enumerable: true });
				return value;
			},
		});
	}
	return values;
}

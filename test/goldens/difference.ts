/** Comparing two JSON values of the golden form. */
import type { Json } from './golden-form.ts';

/**
 * Where two values first differ, as `.path: expected …, got …`; undefined when they do not.
 * @param tolerant float tensors may differ in their digests when `fp` and `v` agree to a relative 1e-5.
 */
export function differenceOf(expected: Json, actual: Json, tolerant: boolean, path = ''): string | undefined {
	if (Array.isArray(expected) && Array.isArray(actual)) {
		const length = Math.max(expected.length, actual.length);
		for (let i = 0; i < length; i++) {
			const found = differenceOf(expected[i], actual[i], tolerant, `${path}[${i}]`);
			if (found) return found;
		}
		return undefined;
	}
	if (isObject(expected) && isObject(actual)) {
		if (isTensor(expected) && isTensor(actual)) return differenceOfTensors(expected, actual, tolerant, path);
		for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
			const found = differenceOf(expected[key]!, actual[key]!, tolerant, `${path}.${key}`);
			if (found) return found;
		}
		return undefined;
	}
	return Object.is(expected, actual) ? undefined : `${path}: expected ${show(expected)}, got ${show(actual)}`;
}

type JsonObject = { readonly [key: string]: Json };

function isObject(value: Json | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isTensor = (value: JsonObject): boolean => 'dtype' in value && 'shape' in value;

/** The digest is the judge; `fp` and `v` say by how much where it differs. */
function differenceOfTensors(
	expected: JsonObject,
	actual: JsonObject,
	tolerant: boolean,
	path: string,
): string | undefined {
	for (const field of ['dtype', 'shape', 'malformed']) {
		const found = differenceOf(expected[field]!, actual[field]!, false, `${path}.${field}`);
		if (found) return found;
	}
	if (expected.sha256 === actual.sha256) return undefined;
	const floats = ['DT_FLOAT', 'DT_DOUBLE'].includes(String(expected.dtype));
	if (tolerant && floats && closeNumbers(expected.fp!, actual.fp!) && closeNumbers(expected.v!, actual.v!))
		return undefined;
	return `${path}: expected ${show(expected)}, got ${show(actual)}`;
}

const RELATIVE = 1e-5;

/** Lists of numbers that agree relative to the largest of them: a mean near zero is a sum that cancels. */
function closeNumbers(expected: Json | undefined, actual: Json | undefined): boolean {
	if (expected === undefined && actual === undefined) return true;
	if (!Array.isArray(expected) || !Array.isArray(actual) || expected.length !== actual.length) return false;
	const sizes = expected.filter((value) => typeof value === 'number').map(Math.abs);
	const scale = Math.max(0, ...sizes);
	return expected.every((value, i) => {
		const other = actual[i];
		if (typeof value !== 'number' || typeof other !== 'number') return value === other;
		return Math.abs(value - other) <= RELATIVE * scale;
	});
}

function show(value: Json | undefined): string {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

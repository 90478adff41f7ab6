/** The values of a query: one value of the syntax as a test on a text, a number or a shape. */
import { type LineSpan, WhittleError } from '../graph/error.ts';
import type { Shape } from '../ops/define.ts';
import type { Leaf, Operator } from './query-syntax.ts';
import { regexTest, type TextTest, wildcardTest } from './text-matcher.ts';

/** Where a value stands in the query. */
export function spanOf({ start, end }: { readonly start: number; readonly end: number }): LineSpan {
	return { start, length: end - start };
}

const multipliers: Readonly<Record<string, number>> = {
	'': 1,
	k: 1e3,
	m: 1e6,
	g: 1e9,
	b: 1e9,
	t: 1e12,
	kb: 1e3,
	mb: 1e6,
	gb: 1e9,
	tb: 1e12,
	kib: 1024,
	mib: 1024 ** 2,
	gib: 1024 ** 3,
	tib: 1024 ** 4,
};

/**
 * `10k`, `1.5M`, `1MB` = 1,000,000, `1MiB` = 1,048,576, `2e6`.
 * @param what is counted: of `bytes`, `b` is one, of all else a billion.
 * @returns undefined for anything else.
 */
export function parseQuantity(text: string, what?: string): number | undefined {
	const match = /^([-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-z]*)$/i.exec(text);
	if (!match) return undefined;
	const unit = match[2]!.toLowerCase();
	const factor = unit === 'b' && what === 'bytes' ? 1 : multipliers[unit];
	return factor === undefined ? undefined : Number(match[1]!.replaceAll('_', '')) * factor;
}

/** A test on a number: `>10k`, `100`, `10k..1M`. @throws WhittleError `usage`. */
export function numberTest(field: string, leaf: Leaf): (value: number) => boolean {
	const span = spanOf(leaf);
	if (leaf.type === 'regex') throw wrong(`\`${field}\` is a number, not a text.`, span, field);
	if (leaf.type === 'compare') {
		const limit = quantity(field, leaf.text, span);
		return (value) => compare(value, leaf.operator, limit);
	}
	const range = /^(.*?)\.\.(.*)$/.exec(leaf.text);
	if (range) {
		const low = range[1] === '' ? Number.NEGATIVE_INFINITY : quantity(field, range[1]!, span);
		const high = range[2] === '' ? Number.POSITIVE_INFINITY : quantity(field, range[2]!, span);
		return (value) => value >= low && value <= high;
	}
	const wanted = quantity(field, leaf.text, span);
	return (value) => value === wanted;
}

function quantity(field: string, text: string, span: LineSpan): number {
	const value = parseQuantity(text, field);
	if (value === undefined) throw wrong(`\`${text}\` is no number.`, span, field);
	return value;
}

function wrong(message: string, span: LineSpan, field: string): WhittleError {
	return new WhittleError('usage', message, {
		hint: `for example ${field}:>10k, ${field}:100 or ${field}:1k..1M`,
		span,
	});
}

export function compare(value: number, operator: Operator, limit: number): boolean {
	switch (operator) {
		case '>':
			return value > limit;
		case '<':
			return value < limit;
		case '>=':
			return value >= limit;
		case '<=':
			return value <= limit;
		case '=':
			return value === limit;
		default:
			return value !== limit;
	}
}

/** A test on a text: wildcards, a regular expression, or the whole text. @throws WhittleError `usage`. */
export function textTest(field: string, leaf: Leaf, ignoreCase: boolean): TextTest {
	const span = spanOf(leaf);
	if (leaf.type === 'regex') return regexTest(leaf.source, ignoreCase ? `${leaf.flags}i` : leaf.flags, span);
	if (leaf.type === 'compare') {
		if (leaf.operator !== '=' && leaf.operator !== '!=')
			throw new WhittleError('usage', `\`${field}\` is a text: it has no order for \`${leaf.operator}\`.`, {
				span,
			});
		const same = textTest(field, { ...leaf, type: 'text', quoted: false }, ignoreCase);
		return leaf.operator === '=' ? same : (text) => !same(text);
	}
	const pattern = ignoreCase ? leaf.text.toLowerCase() : leaf.text;
	const test: TextTest = leaf.quoted ? (text) => text === pattern : wildcardTest(pattern);
	return ignoreCase ? (text) => test(text.toLowerCase()) : test;
}

/**
 * A test on a shape: `[?,24,24,3]` with `?` for an unknown size and `*` for any, `[...,3]` for any number of
 * sizes in front, `unknown` for an unknown rank, a plain number for the rank. @throws WhittleError `usage`.
 */
export function shapeTest(leaf: Leaf): (shape: Shape) => boolean {
	const span = spanOf(leaf);
	if (leaf.type === 'compare') {
		const rank = numberTest('shape', leaf);
		return (shape) => shape !== null && rank(shape.length);
	}
	if (leaf.type === 'regex')
		throw new WhittleError('usage', 'A shape is no text.', { hint: shapeHint, span });
	if (/^(?:unknown|<unknown>)$/.test(leaf.text)) return (shape) => shape === null;
	if (/^\d+$/.test(leaf.text)) return (shape) => shape?.length === Number(leaf.text);
	const inner = /^\[(.*)\]$/.exec(leaf.text.replace(/\s/g, ''))?.[1];
	if (inner === undefined)
		throw new WhittleError('usage', `\`${leaf.text}\` is no shape.`, { hint: shapeHint, span });
	const sizes = inner === '' ? [] : inner.split(',');
	const rest = sizes.findIndex((size) => size === '...' || size === '…');
	const tests = sizes.map((size) => sizeTest(size, span));
	return (shape) => shape !== null && fitsSizes(shape, tests, rest);
}

const shapeHint =
	'shape:[?,24,24,3], shape:[*,*,*,3], shape:[...,3], shape:[], shape:unknown, shape:>2 for the rank';

type SizeTest = (size: number) => boolean;

function sizeTest(text: string, span: LineSpan): SizeTest {
	if (text === '*' || text === '...' || text === '…') return () => true;
	if (text === '?' || text === '-1') return (size) => size < 0;
	const match = /^(>=|<=|>|<)?(\d+)$/.exec(text);
	if (!match) throw new WhittleError('usage', `\`${text}\` is no size.`, { hint: shapeHint, span });
	const limit = Number(match[2]);
	const operator = (match[1] ?? '=') as Operator;
	return (size) => size >= 0 && compare(size, operator, limit);
}

function fitsSizes(shape: readonly number[], tests: readonly SizeTest[], rest: number): boolean {
	if (rest < 0) return shape.length === tests.length && shape.every((size, i) => tests[i]!(size));
	const after = tests.length - rest - 1;
	if (shape.length < rest + after) return false;
	for (let i = 0; i < rest; i++) if (!tests[i]!(shape[i]!)) return false;
	for (let i = 0; i < after; i++) if (!tests[rest + 1 + i]!(shape[shape.length - after + i]!)) return false;
	return true;
}

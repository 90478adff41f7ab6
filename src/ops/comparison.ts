/** Comparisons and logic of two operands that broadcast against each other; booleans come out. */
import { DT_BOOL } from '../graph/dtype.ts';
import { combinePairs, planBroadcast } from './broadcast.ts';
import type { Kernel, OpDeclaration } from './define.ts';
import { broadcastShape, oneFlopAnElement, unchangedShape } from './elementwise.ts';
import { compareContent } from './strings.ts';
import {
	isBigInts,
	isComplex,
	isSixteenBitFloat,
	isStrings,
	type Numbers,
	noDtype,
	widen,
} from './values.ts';

type Test = (x: number | bigint, y: number | bigint) => boolean;

const comparisons: Readonly<Record<string, Test>> = {
	Less: (x, y) => x < y,
	LessEqual: (x, y) => x <= y,
	Greater: (x, y) => x > y,
	GreaterEqual: (x, y) => x >= y,
	Equal: (x, y) => x === y,
	NotEqual: (x, y) => x !== y,
	LogicalAnd: (x, y) => x !== 0 && y !== 0,
	LogicalOr: (x, y) => x !== 0 || y !== 0,
};

function compare(test: Test): Kernel {
	return ([x, y], context) => {
		const { dtype } = x!;
		if (isComplex(dtype)) throw noDtype(context, dtype);
		const walk = planBroadcast(x!.shape, y!.shape);
		const data = new Uint8Array(walk.elements);
		const flag = (a: number | bigint, b: number | bigint) => (test(a, b) ? 1 : 0);
		if (isStrings(x!.data)) {
			const strings = y!.data as readonly Uint8Array[];
			combinePairs(walk, x!.data as never, strings as never, data, ((a: Uint8Array, b: Uint8Array) =>
				flag(compareContent(a, b), 0)) as never);
		} else if (isSixteenBitFloat(dtype)) combinePairs(walk, widen(x!), widen(y!), data, flag);
		else if (isBigInts(x!.data))
			combinePairs(walk, x!.data as BigInt64Array, y!.data as BigInt64Array, data, flag);
		else combinePairs(walk, x!.data, y!.data as Numbers, data, flag);
		return [{ dtype: DT_BOOL, shape: walk.shape, data }];
	};
}

const approximatelyEqual: Kernel = ([x, y], context) => {
	const tolerance = context.attr('tolerance')?.float ?? 1e-5;
	return compare((a, b) => Math.abs(Number(a) - Number(b)) < tolerance)([x!, y!], context);
};
export const comparisonOps: readonly OpDeclaration[] = [
	...Object.entries(comparisons).map(([name, test]) => ({ names: [name], kernel: compare(test) })),
	{ names: ['ApproximateEqual'], kernel: approximatelyEqual, shape: unchangedShape },
].map((op) => ({
	shape: broadcastShape,
	...op,
	...oneFlopAnElement,
	flushesDenormals: true,
}));

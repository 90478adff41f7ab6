/** Rounding to a quantized grid in floats, as training with quantization puts it in. */
import type { OpDeclaration } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { fakeQuantArgs, fakeQuantVars } from './kernels/fake-quant.ts';
import { elementsOf, mergeSizes, withRank, withRankAtLeast } from './shape-algebra.ts';

const flops: Pick<OpDeclaration, 'flops' | 'flopsRule' | 'flushesDenormals'> = {
	flops: ({ outputs }) => {
		const elements = elementsOf(outputs[0] ?? null);
		return elements < 0 ? undefined : 4 * elements;
	},
	flopsRule: 'four an element: clamp, scale, round, scale back',
	flushesDenormals: true,
};

export const fakeQuantOps: readonly OpDeclaration[] = [
	{
		names: ['FakeQuantWithMinMaxArgs'],
		dtypes: 'float',
		kernel: fakeQuantArgs,
		shape: unchangedShape,
		...flops,
	},
	{
		names: ['FakeQuantWithMinMaxVars'],
		dtypes: 'float',
		kernel: fakeQuantVars,
		shape: ({ inputs }) => {
			withRank(inputs[1], 0);
			withRank(inputs[2], 0);
			return [inputs[0] ?? null];
		},
		...flops,
	},
	{
		names: ['FakeQuantWithMinMaxVarsPerChannel'],
		dtypes: 'float',
		kernel: fakeQuantVars,
		shape: ({ inputs }) => {
			const x = withRankAtLeast(inputs[0], 1);
			const channels = mergeSizes(withRank(inputs[1], 1)[0]!, withRank(inputs[2], 1)[0]!);
			if (x) mergeSizes(x.at(-1)!, channels);
			return [x];
		},
		...flops,
	},
];

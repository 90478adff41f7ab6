/** Recurrent cells that TensorFlow has as one op. */
import type { OpDeclaration, ShapeFunction } from './define.ts';
import { blockLstm, gruBlockCell, lstmBlockCell } from './kernels/rnn.ts';
import { addSizes, elementsOf, multiplySizes, withRank } from './shape-algebra.ts';

const lstmCell: ShapeFunction = ({ inputs, outputCount }) => {
	const x = withRank(inputs[0], 2);
	const state = withRank(inputs[1], 2);
	return new Array(outputCount).fill([x[0]!, state[1]!]);
};

const blockLstmShape: ShapeFunction = ({ inputs, outputCount }) => {
	const x = withRank(inputs[1], 3);
	const bias = withRank(inputs[8], 1)[0]!;
	return new Array(outputCount).fill([x[0]!, x[1]!, bias < 0 ? -1 : Math.floor(bias / 4)]);
};

const gruCell: ShapeFunction = ({ inputs, outputCount }) => {
	const x = withRank(inputs[0], 2);
	const state = withRank(inputs[1], 2);
	return new Array(outputCount).fill([x[0]!, state[1]!]);
};

export const rnnOps: readonly OpDeclaration[] = [
	{
		names: ['LSTMBlockCell'],
		dtypes: 'float',
		shape: lstmCell,
		kernel: lstmBlockCell,
		flops: ({ inputs }) => {
			const [x, , state] = inputs;
			if (!x || !state) return undefined;
			const gates = multiplySizes(4, state[1]!);
			const work = multiplySizes(multiplySizes(x[0]!, addSizes(x[1]!, state[1]!)), gates);
			return work < 0 ? undefined : 2 * work + 9 * elementsOf(state);
		},
		flopsRule: '2 × batch × (inputs + cells) × 4 cells, and nine a cell',
		flushesDenormals: true,
	},
	{
		names: ['BlockLSTM', 'BlockLSTMV2'],
		dtypes: 'float',
		shape: blockLstmShape,
		kernel: blockLstm,
		flushesDenormals: true,
	},
	{ names: ['GRUBlockCell'], dtypes: 'float', shape: gruCell, kernel: gruBlockCell, flushesDenormals: true },
];

/** Values that stand in the graph, and the ends where values come in: Const, Placeholder, variables, random numbers. */
import { dtypeName } from '../graph/dtype.ts';
import type { Kernel, OpDeclaration, Shape, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { withRank } from './shape-algebra.ts';
import { cannotRun, refusedValue } from './values.ts';

const constant: Kernel = (_inputs, context) => {
	const tensor = context.node.tensor;
	if (!tensor) throw cannotRun(context, 'it has no value');
	if (!tensor.decodable) throw refusedValue('Cannot parse tensor from tensor_proto.');
	const dtype = context.attr('dtype')?.type ?? tensor.dtype;
	if (tensor.dtype !== dtype)
		throw refusedValue(
			`Type mismatch between value (${dtypeName(tensor.dtype)}) and dtype (${dtypeName(dtype)})`,
		);
	return [tensor];
};

const constantShape: ShapeFunction = ({ node }) => [node.tensor?.shape ?? null];

const declaredShape: ShapeFunction = ({ attr }) => [attr('shape')?.shape ?? null];

/** Old graphs wrote `[]` for an unknown shape: producers up to 21 do not mean a scalar by it. */
const placeholderShape: ShapeFunction = (context) => {
	const shape = context.attr('shape')?.shape ?? null;
	if (shape?.length === 0 && context.producer <= 21) return [null];
	return [shape];
};

const variableShape: ShapeFunction = ({ attr }) => {
	const shape: Shape = attr('shape')?.shape ?? null;
	return [shape?.length === 0 ? null : shape];
};

/** The shape is the value of the first input. */
const shapeFromInput: ShapeFunction = ({ sizes }) => [sizes(0) ?? null];

const broadcastSamples: ShapeFunction = ({ inputs, sizes }) => {
	const count = sizes(0);
	const parameters = inputs[1];
	return [count && parameters ? [...count, ...parameters] : null];
};

const statelessShape: ShapeFunction = ({ inputs, sizes }) => {
	withRank(inputs[1], 1);
	return [sizes(0) ?? null];
};

const multinomial: ShapeFunction = ({ inputs, value }) => {
	const logits = withRank(inputs[0], 2);
	const samples = value(1);
	return [[logits[0]!, samples ? Number(samples.data[0]) : -1]];
};

export const constantOps: readonly OpDeclaration[] = [
	{ names: ['Const', 'HostConst'], shape: constantShape, kernel: constant },
	{ names: ['Placeholder'], shape: placeholderShape },
	{ names: ['PlaceholderV2', 'VariableV2', 'ImmutableConst', '_Arg', 'InfeedDequeue'], shape: declaredShape },
	{ names: ['PlaceholderWithDefault'], shape: declaredShape, kernel: ([x]) => [x!] },
	{ names: ['Variable'], shape: variableShape },
	{
		names: [
			'RandomUniform',
			'RandomStandardNormal',
			'TruncatedNormal',
			'RandomUniformInt',
			'ParameterizedTruncatedNormal',
		],
		shape: shapeFromInput,
	},
	{
		names: [
			'StatelessRandomUniformV2',
			'StatelessRandomNormalV2',
			'StatelessTruncatedNormalV2',
			'StatelessRandomUniformFullIntV2',
			'StatelessRandomUniformIntV2',
		],
		shape: shapeFromInput,
	},
	{
		names: [
			'StatelessRandomUniform',
			'StatelessRandomNormal',
			'StatelessTruncatedNormal',
			'StatelessRandomUniformFullInt',
			'StatelessRandomUniformInt',
		],
		shape: statelessShape,
	},
	{ names: ['RandomGamma', 'RandomPoisson', 'RandomPoissonV2'], shape: broadcastSamples },
	{ names: ['RandomShuffle'], shape: unchangedShape },
	{ names: ['Multinomial', 'StatelessMultinomial'], shape: multinomial },
	{ names: ['StatelessRandomGetKeyCounter'], shape: () => [[1], [2]] },
	{ names: ['StatelessRandomGetAlg'], shape: () => [[]] },
];

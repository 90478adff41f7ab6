/** Shapes around variables, by reference and by resource, and of the ops that train them. */
import type { OpDeclaration, Shape, ShapeContext, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { concatenateShapes, mergeShapes, SCALAR, subshape, UNKNOWN } from './shape-algebra.ts';

const handle: ShapeFunction = ({ attr, setHandle }) => {
	setHandle(0, { dtype: attr('dtype')?.type ?? 0, shape: attr('shape')?.shape ?? UNKNOWN });
	return [SCALAR];
};

const held: ShapeFunction = (context) => [context.handle(0)?.shape ?? UNKNOWN];

const heldRank: ShapeFunction = (context) => [[context.handle(0)?.shape?.length ?? -1]];

/** Rows of a variable, one for each index. */
const gathered: ShapeFunction = (context) => {
	const table = context.handle(0)?.shape ?? UNKNOWN;
	return [concatenateShapes(context.inputs[1] ?? UNKNOWN, subshape(table, 1))];
};

const assign: ShapeFunction = ({ inputs, attr }) => {
	const [target = null, value = null] = inputs;
	return [attr('validate_shape')?.bool === false ? value : mergeShapes(target, value)];
};

const mergedPair: ShapeFunction = ({ inputs }) => [mergeShapes(inputs[0] ?? null, inputs[1] ?? null)];

/** The variable, its slots and its gradient have one shape; everything else is a scalar. */
function trained(...like: readonly number[]): ShapeFunction {
	return ({ inputs }: ShapeContext) => {
		let shape: Shape = inputs[0] ?? null;
		for (const i of like) shape = mergeShapes(shape, inputs[i] ?? null);
		return [shape];
	};
}

const nothing: ShapeFunction = () => [];
const scalar: ShapeFunction = () => [SCALAR];

export const variableOps: readonly OpDeclaration[] = [
	{ names: ['VarHandleOp'], shape: handle },
	{ names: ['ReadVariableOp'], shape: held },
	{ names: ['VariableShape'], shape: heldRank },
	{ names: ['ResourceGather'], shape: gathered },
	{ names: ['VarIsInitializedOp', 'IsVariableInitialized'], shape: scalar },
	{
		names: ['AssignVariableOp', 'AssignAddVariableOp', 'AssignSubVariableOp', 'DestroyResourceOp'],
		shape: nothing,
	},
	{ names: ['Assign'], shape: assign },
	{ names: ['AssignAdd', 'AssignSub'], shape: mergedPair },
	{ names: ['ScatterUpdate', 'ScatterAdd', 'ScatterSub', 'CountUpTo'], shape: unchangedShape },
	{ names: ['ApplyGradientDescent'], shape: trained(2) },
	{ names: ['ApplyMomentum'], shape: trained(1, 3) },
	{ names: ['ApplyAdagrad'], shape: trained(1, 3) },
	{ names: ['ApplyAdam'], shape: trained(1, 2, 9) },
	{ names: ['ApplyRMSProp'], shape: trained(1, 2, 7) },
	{ names: ['ApplyFtrl'], shape: trained(1, 2, 3) },
	{ names: ['SparseApplyFtrl', 'SparseApplyAdagrad'], shape: trained(1) },
	{
		names: [
			'ResourceApplyGradientDescent',
			'ResourceApplyAdagradV2',
			'ResourceApplyAdam',
			'ResourceApplyFtrl',
			'ResourceApplyMomentum',
			'ResourceApplyRMSProp',
			'ResourceSparseApplyAdagradV2',
			'ResourceSparseApplyFtrl',
		],
		shape: nothing,
	},
];

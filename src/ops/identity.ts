/** Ops that hand on what they get. */
import { DT_FLOAT } from '../graph/dtype.ts';
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { cannotRun } from './values.ts';

const passOn: Kernel = ([x]) => [x!];

const everyInput: ShapeFunction = ({ inputs }) => inputs;

/** Hands on a float tensor that is finite throughout. */
const checkNumerics: Kernel = ([x], context) => {
	if (x!.dtype !== DT_FLOAT) throw cannotRun(context, 'its dtype is not implemented');
	if (!(x!.data as Float32Array).every(Number.isFinite))
		throw cannotRun(context, `${context.attr('message')?.string ?? ''} : Tensor had NaN or Inf values`);
	return [x!];
};

export const identityOps: readonly OpDeclaration[] = [
	{
		names: [
			'Identity',
			'Snapshot',
			'StopGradient',
			'PreventGradient',
			'DebugGradientIdentity',
			'RefIdentity',
		],
		shape: unchangedShape,
		kernel: passOn,
	},
	{ names: ['Print', 'DeepCopy', 'GuaranteeConst'], shape: unchangedShape, kernel: passOn },
	{ names: ['IdentityN'], shape: everyInput, kernel: (inputs) => inputs },
	{ names: ['CheckNumerics'], shape: unchangedShape, kernel: checkNumerics },
];

/** Every op that whittle knows more about than its signature: one list of families. */
import { activationOps } from './activation.ts';
import { alongAxisOps } from './along-axis.ts';
import { arrayFillOps } from './array-fill.ts';
import { arrayGatherOps } from './array-gather.ts';
import { arrayJoinOps } from './array-join.ts';
import { arrayMoveOps } from './array-move.ts';
import { arrayScatterOps } from './array-scatter.ts';
import { arraySelectOps } from './array-select.ts';
import { arrayShapeOps } from './array-shape.ts';
import { arraySliceOps } from './array-slice.ts';
import { arraySplitOps } from './array-split.ts';
import { arrayTurnOps } from './array-turn.ts';
import { asStringOps } from './as-string.ts';
import { audioOps } from './audio.ts';
import { castOps } from './cast.ts';
import { comparisonOps } from './comparison.ts';
import { complexOps } from './complex.ts';
import { constantOps } from './constant.ts';
import { controlFlowOps } from './control-flow.ts';
import { convolutionOps } from './convolution.ts';
import { countingOps } from './counting.ts';
import { declaredShapeOps } from './declared-shapes.ts';
import type { OpDeclaration } from './define.ts';
import { detectionOps } from './detection.ts';
import { diagonalOps } from './diagonals.ts';
import { binaryOps } from './elementwise-binary.ts';
import { manyOperandOps } from './elementwise-many.ts';
import { unaryOps } from './elementwise-unary.ts';
import { fakeQuantOps } from './fake-quant.ts';
import { fourierOps } from './fourier.ts';
import { gradientOps } from './gradient.ts';
import { identityOps } from './identity.ts';
import { imageOps } from './image.ts';
import { imageWindowOps } from './image-windows.ts';
import { inputPipelineOps } from './input-pipeline.ts';
import { linearAlgebraOps } from './linear-algebra.ts';
import { matmulOps } from './matmul.ts';
import { matrixShapeOps } from './matrix-shapes.ts';
import { normalizationOps } from './normalization.ts';
import { poolingOps } from './pooling.ts';
import { quantizedOps } from './quantized.ts';
import { reductionOps } from './reduction.ts';
import { rnnOps } from './rnn.ts';
import { segmentOps } from './segment.ts';
import { spaceDepthOps } from './space-depth.ts';
import { sparseOps } from './sparse.ts';
import { sparseShapeOps } from './sparse-shapes.ts';
import { stridedSliceOps } from './strided-slice.ts';
import { stringPartOps } from './string-parts.ts';
import { stringPatternOps } from './string-patterns.ts';
import { stringOps } from './strings.ts';
import { tensorArrayOps } from './tensor-array.ts';
import { tensorListOps } from './tensor-list.ts';
import { variableOps } from './variable.ts';

const families: readonly (readonly OpDeclaration[])[] = [
	alongAxisOps,
	arrayFillOps,
	arrayGatherOps,
	arrayJoinOps,
	arrayMoveOps,
	arrayScatterOps,
	arraySelectOps,
	arrayShapeOps,
	arraySliceOps,
	arraySplitOps,
	arrayTurnOps,
	asStringOps,
	binaryOps,
	castOps,
	comparisonOps,
	complexOps,
	constantOps,
	gradientOps,
	identityOps,
	inputPipelineOps,
	manyOperandOps,
	reductionOps,
	segmentOps,
	spaceDepthOps,
	sparseOps,
	stridedSliceOps,
	sparseShapeOps,
	stringOps,
	stringPartOps,
	stringPatternOps,
	unaryOps,
	variableOps,
	activationOps,
	audioOps,
	controlFlowOps,
	convolutionOps,
	countingOps,
	detectionOps,
	declaredShapeOps,
	diagonalOps,
	fakeQuantOps,
	fourierOps,
	imageOps,
	imageWindowOps,
	linearAlgebraOps,
	matmulOps,
	matrixShapeOps,
	normalizationOps,
	poolingOps,
	quantizedOps,
	rnnOps,
	tensorArrayOps,
	tensorListOps,
];

const byName = new Map(families.flat().flatMap((op) => op.names.map((name) => [name, op] as const)));

export function opByName(name: string): OpDeclaration | undefined {
	return byName.get(name);
}

export const ops: readonly OpDeclaration[] = families.flat();

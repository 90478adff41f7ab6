/** Every op that whittle knows more about than its signature: one list of families. */
import { activationOps } from './activation.ts';
import { audioOps } from './audio.ts';
import { controlFlowOps } from './control-flow.ts';
import { convolutionOps } from './convolution.ts';
import type { OpDeclaration } from './define.ts';
import { detectionOps } from './detection.ts';
import { fakeQuantOps } from './fake-quant.ts';
import { imageOps } from './image.ts';
import { matmulOps } from './matmul.ts';
import { normalizationOps } from './normalization.ts';
import { poolingOps } from './pooling.ts';
import { quantizedOps } from './quantized.ts';
import { rnnOps } from './rnn.ts';
import { tensorArrayOps } from './tensor-array.ts';

const families: readonly (readonly OpDeclaration[])[] = [
	activationOps,
	audioOps,
	controlFlowOps,
	convolutionOps,
	detectionOps,
	fakeQuantOps,
	imageOps,
	matmulOps,
	normalizationOps,
	poolingOps,
	quantizedOps,
	rnnOps,
	tensorArrayOps,
];

const byName = new Map(families.flat().flatMap((op) => op.names.map((name) => [name, op] as const)));

export function opByName(name: string): OpDeclaration | undefined {
	return byName.get(name);
}

export const ops: readonly OpDeclaration[] = families.flat();

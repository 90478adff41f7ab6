/** The transforms, in alphabetical order: the one list that everything else reads. */

import addDefaultAttributes from './add-default-attributes.ts';
import backportConcatv2 from './backport-concatv2.ts';
import backportTensorArrayV3 from './backport-tensor-array-v3.ts';
import type { Transform } from './define.ts';
import extract from './extract.ts';
import flattenAtrousConv from './flatten-atrous-conv.ts';
import foldBatchNorms from './fold-batch-norms.ts';
import foldConstants from './fold-constants.ts';
import foldFusedBatchNorms from './fold-fused-batch-norms.ts';
import foldOldBatchNorms from './fold-old-batch-norms.ts';
import freeze from './freeze.ts';
import freezeInput from './freeze-input.ts';
import freezeRequantizationRanges from './freeze-requantization-ranges.ts';
import fusePadAndConv from './fuse-pad-and-conv.ts';
import fuseResizeAndConv from './fuse-resize-and-conv.ts';
import fuseResizePadAndConv from './fuse-resize-pad-and-conv.ts';
import halveWeights from './halve-weights.ts';
import inlinePartitionedcall from './inline-partitionedcall.ts';
import insertLogging from './insert-logging.ts';
import mergeDuplicateNodes from './merge-duplicate-nodes.ts';
import obfuscateNames from './obfuscate-names.ts';
import quantizeNodes from './quantize-nodes.ts';
import quantizeWeights from './quantize-weights.ts';
import removeAttribute from './remove-attribute.ts';
import removeControlDependencies from './remove-control-dependencies.ts';
import removeDevice from './remove-device.ts';
import removeNodes from './remove-nodes.ts';
import removeTrainingNodes from './remove-training-nodes.ts';
import rename from './rename.ts';
import renameAttribute from './rename-attribute.ts';
import renameNode from './rename-node.ts';
import renameOp from './rename-op.ts';
import roundWeights from './round-weights.ts';
import setDevice from './set-device.ts';
import setShape from './set-shape.ts';
import sortByExecutionOrder from './sort-by-execution-order.ts';
import sparsifyGather from './sparsify-gather.ts';
import stripUnusedNodes from './strip-unused-nodes.ts';

export const transforms: readonly Transform[] = [
	addDefaultAttributes,
	backportConcatv2,
	backportTensorArrayV3,
	extract,
	flattenAtrousConv,
	foldBatchNorms,
	foldConstants,
	foldFusedBatchNorms,
	foldOldBatchNorms,
	freeze,
	freezeInput,
	freezeRequantizationRanges,
	fusePadAndConv,
	fuseResizeAndConv,
	fuseResizePadAndConv,
	halveWeights,
	inlinePartitionedcall,
	insertLogging,
	mergeDuplicateNodes,
	obfuscateNames,
	quantizeNodes,
	quantizeWeights,
	removeAttribute,
	removeControlDependencies,
	removeDevice,
	removeNodes,
	removeTrainingNodes,
	rename,
	renameAttribute,
	renameNode,
	renameOp,
	roundWeights,
	setDevice,
	setShape,
	sortByExecutionOrder,
	sparsifyGather,
	stripUnusedNodes,
];

const byName = new Map(transforms.map((transform) => [transform.name, transform]));

export function transformByName(name: string): Transform | undefined {
	return byName.get(name);
}

/** The transforms, in alphabetical order: the one list that everything else reads. */

import addDefaultAttributes from './add-default-attributes.ts';
import type { Transform } from './define.ts';
import foldConstants from './fold-constants.ts';
import foldFusedBatchNorms from './fold-fused-batch-norms.ts';
import freeze from './freeze.ts';
import freezeInput from './freeze-input.ts';
import halveWeights from './halve-weights.ts';
import mergeDuplicateNodes from './merge-duplicate-nodes.ts';
import obfuscateNames from './obfuscate-names.ts';
import removeAttribute from './remove-attribute.ts';
import removeControlDependencies from './remove-control-dependencies.ts';
import removeDevice from './remove-device.ts';
import removeNodes from './remove-nodes.ts';
import removeTrainingNodes from './remove-training-nodes.ts';
import rename from './rename.ts';
import renameAttribute from './rename-attribute.ts';
import renameNode from './rename-node.ts';
import renameOp from './rename-op.ts';
import setDevice from './set-device.ts';
import setShape from './set-shape.ts';
import sortByExecutionOrder from './sort-by-execution-order.ts';
import stripUnusedNodes from './strip-unused-nodes.ts';

export const transforms: readonly Transform[] = [
	addDefaultAttributes,
	foldConstants,
	foldFusedBatchNorms,
	freeze,
	freezeInput,
	halveWeights,
	mergeDuplicateNodes,
	obfuscateNames,
	removeAttribute,
	removeControlDependencies,
	removeDevice,
	removeNodes,
	removeTrainingNodes,
	rename,
	renameAttribute,
	renameNode,
	renameOp,
	setDevice,
	setShape,
	sortByExecutionOrder,
	stripUnusedNodes,
];

const byName = new Map(transforms.map((transform) => [transform.name, transform]));

export function transformByName(name: string): Transform | undefined {
	return byName.get(name);
}

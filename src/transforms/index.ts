/** The transforms, in alphabetical order: the one list that everything else reads. */

import addDefaultAttributes from './add-default-attributes.ts';
import type { Transform } from './define.ts';
import mergeDuplicateNodes from './merge-duplicate-nodes.ts';
import obfuscateNames from './obfuscate-names.ts';
import removeAttribute from './remove-attribute.ts';
import removeControlDependencies from './remove-control-dependencies.ts';
import removeDevice from './remove-device.ts';
import removeNodes from './remove-nodes.ts';
import renameAttribute from './rename-attribute.ts';
import renameNode from './rename-node.ts';
import renameOp from './rename-op.ts';
import setDevice from './set-device.ts';
import sortByExecutionOrder from './sort-by-execution-order.ts';
import stripUnusedNodes from './strip-unused-nodes.ts';

export const transforms: readonly Transform[] = [
	addDefaultAttributes,
	mergeDuplicateNodes,
	obfuscateNames,
	removeAttribute,
	removeControlDependencies,
	removeDevice,
	removeNodes,
	renameAttribute,
	renameNode,
	renameOp,
	setDevice,
	sortByExecutionOrder,
	stripUnusedNodes,
];

const byName = new Map(transforms.map((transform) => [transform.name, transform]));

export function transformByName(name: string): Transform | undefined {
	return byName.get(name);
}

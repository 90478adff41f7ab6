/** Variables of a SavedModel or checkpoint, as far as reading them goes. */
import { DT_RESOURCE } from '../graph/dtype.ts';
import type { ModelContext } from '../graph/model-context.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { Kernel } from '../ops/define.ts';
import { cannotRun } from '../ops/values.ts';

/** A handle: the name of the variable behind it stands in its only element. */
function handle(name: string): TensorValue {
	return { dtype: DT_RESOURCE, shape: [], data: [Buffer.from(name)] };
}

/** @returns undefined for other ops. */
export function variableKernel(op: string, model: ModelContext | undefined): Kernel | undefined {
	if (op === 'VarHandleOp') return (_inputs, { node }) => [handle(node.name)];
	if (op === 'ReadVariableOp') {
		return ([resource], context) => {
			const name = Buffer.from(resource!.data[0] as Uint8Array).toString();
			const value = read(name, model) ?? read(context.node.attr('shared_name')?.string ?? '', model);
			if (!value) throw cannotRun(context, `the variable \`${name}\` has no value: freeze it first`);
			return [value];
		};
	}
	if (op === 'VariableV2' || op === 'Variable') {
		return (_inputs, context) => {
			const value = read(context.node.name, model);
			if (!value) throw cannotRun(context, 'the variable has no value: freeze it first');
			return [value];
		};
	}
	return undefined;
}

function read(name: string, model: ModelContext | undefined): TensorValue | undefined {
	const { variables, variableKeys } = model ?? {};
	const { key, slice } = variableKeys?.get(name) ?? { key: name, slice: '' };
	if (!variables?.describe(key)) return undefined;
	return slice === '' ? variables.read(key) : variables.readPart(key, slice);
}

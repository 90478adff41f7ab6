/** Variables as constants with the values that a checkpoint has for them. */
import { Attr } from '../graph/attr.ts';
import { baseDtype, DT_FLOAT, dtypeName } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { ModelContext, VariableSource } from '../graph/model-context.ts';
import { Node } from '../graph/node.ts';
import { nearest } from '../graph/suggest.ts';
import type { TensorValue } from '../graph/tensor.ts';

/** The dtype of the values that a variable holds. */
export function variableDtype(node: Node): number {
	return baseDtype(node.attr('dtype')?.type ?? DT_FLOAT);
}

/**
 * The constant in the place of a variable.
 * @param context what the model came with.
 * @throws WhittleError `transform` that explains why the value cannot be had.
 */
export function variableConstant(node: Node, context: ModelContext | undefined): Node {
	const dtype = variableDtype(node);
	const value = restore(node, context);
	if (value.dtype !== dtype) {
		throw new WhittleError(
			'transform',
			`\`${node.name}\` is ${dtypeName(dtype)} in the graph and ${dtypeName(value.dtype)} in the checkpoint`,
		);
	}
	const shape = node.attr('shape')?.shape;
	const fits =
		!shape ||
		(shape.length === value.shape.length && shape.every((size, i) => size < 0 || size === value.shape[i]));
	if (!fits) {
		throw new WhittleError(
			'transform',
			`\`${node.name}\` has the shape [${shape.join(',')}] in the graph and [${value.shape.join(',')}] in the checkpoint`,
		);
	}
	return Node.of({
		name: node.name,
		op: 'Const',
		device: node.device,
		attrs: { dtype: Attr.type(dtype), value: Attr.tensor(value) },
	});
}

function restore(node: Node, context: ModelContext | undefined): TensorValue {
	const variables: VariableSource | undefined = context?.variables;
	if (!variables) {
		throw new WhittleError(
			'transform',
			`\`${node.name}\` is a variable, and the model came without a checkpoint`,
			{
				hint: 'freeze(input_checkpoint="PREFIX"), where PREFIX.index is the checkpoint',
			},
		);
	}
	const place = context?.variableKeys?.get(node.name) ?? {
		key: node.attr('shared_name')?.string || node.name,
		slice: '',
	};
	if (variables.describe(place.key)) return variables.readPart(place.key, place.slice);
	const near = nearest(place.key, variables.keys);
	throw new WhittleError(
		'transform',
		`\`${node.name}\` is not in the checkpoint${place.key === node.name ? '' : ` (as \`${place.key}\`)`}`,
		{
			hint:
				near.length > 0
					? `Nearest: ${near.join(', ')}.`
					: 'It may be set by an initializer when the model is loaded.',
		},
	);
}

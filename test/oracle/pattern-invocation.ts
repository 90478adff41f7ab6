/** Random calls of the transforms that go by patterns; one generator a transform. */
import type { Choices } from './choices.ts';

type Generator = (pick: Choices) => string;

const plain =
	(name: string): Generator =>
	() =>
		name;

const withParameter =
	(name: string, ...calls: readonly string[]): Generator =>
	(pick) =>
		pick.chance(0.5) ? name : `${name}(${pick.one(calls)})`;

export const patternGenerators: Readonly<Record<string, Generator>> = {
	backport_concatv2: plain('backport_concatv2'),
	backport_tensor_array_v3: plain('backport_tensor_array_v3'),
	flatten_atrous_conv: plain('flatten_atrous_conv'),
	fold_batch_norms: plain('fold_batch_norms'),
	fold_old_batch_norms: plain('fold_old_batch_norms'),
	fuse_pad_and_conv: plain('fuse_pad_and_conv'),
	fuse_resize_and_conv: plain('fuse_resize_and_conv'),
	fuse_resize_pad_and_conv: plain('fuse_resize_pad_and_conv'),
	insert_logging: withParameter(
		'insert_logging',
		...[
			'op=Conv2D, show_name=true',
			'op=Mul, op=Relu, show_op=1',
			'prefix=c, message=hi, first_n=3',
			'op=""',
		],
	),
	quantize_nodes: withParameter(
		'quantize_nodes',
		...['input_min=-1, input_max=2', 'fallback_min=-10, fallback_max=6.5', 'ignore_op=Conv2D', 'input_min=1'],
	),
	quantize_weights: withParameter('quantize_weights', 'minimum_size=2', 'minimum_size=0', 'minimum_size=-1'),
	round_weights: withParameter('round_weights', 'num_steps=3', 'num_steps=0', 'num_steps=-2', 'num_steps=x'),
	sparsify_gather: withParameter('sparsify_gather', 'group_init_node=init', 'group_init_node=x0'),
};

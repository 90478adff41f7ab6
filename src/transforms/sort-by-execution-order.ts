/**
 *   before   add(a, b), b, a        after   a, b, add(a, b)
 */
import { WhittleError } from '../graph/error.ts';
import { executionOrder } from '../graph/execution-order.ts';
import { defineTransform } from './define.ts';
import { keepNodes, keepOrdered } from './keep-nodes.ts';

export default defineTransform({
	name: 'sort_by_execution_order',
	summary: 'put every node behind the nodes that it reads',
	details:
		'Streaming readers of a graph want its nodes in an order in which they can run. ' +
		'A loop of TensorFlow 1 is entered through its Merge; any other cycle is an error.',
	origin: 'tensorflow',
	loss: 'exact',
	picture: 'before   add(a, b), b, a\nafter    a, b, add(a, b)',
	params: {},
	examples: ['sort_by_execution_order'],
	// The order goes backwards through sources, so sorting again may turn them round once more.
	idempotent: false,

	apply({ graph, report }) {
		const { order, missing } = executionOrder(graph);
		if (missing > 0) {
			throw new WhittleError('transform', `${missing} nodes in a cycle`, {
				hint: 'Only a Merge breaks a cycle, as in the loops of TensorFlow 1.',
			});
		}
		if (order.every((position, i) => position === i)) report.note('the nodes are in this order already');
		if (graph.position.size === graph.nodes.length) return keepOrdered(graph, order);
		return keepNodes(
			graph,
			Array.from(order, (position) => graph.nodes[position]!),
		);
	},
});

/**
 *   before   x = Placeholder() {dtype: float, shape: [?,?,?,3]}
 *   after    x = Placeholder() {dtype: float, shape: [1,224,224,3]}
 */
import { Attr } from '../graph/attr.ts';
import { WhittleError } from '../graph/error.ts';
import type { Node } from '../graph/node.ts';
import { defineTransform } from './define.ts';
import { inputNode } from './input-node.ts';
import { string } from './parameters.ts';

export default defineTransform({
	name: 'set_shape',
	summary: 'give an input another shape or batch size',
	details:
		'Changes the `shape` attribute of a Placeholder and clears every `_output_shapes`, which would be stale. ' +
		'Unknown sizes are written ? or -1; an unknown rank is written "unknown". Constants that were computed for ' +
		'the old shape (a Reshape to a fixed batch) stay as they are: `check` and `verify` find them.',
	origin: 'whittle',
	loss: 'interface',
	picture: 'before   x = Placeholder() {shape: [?,?,?,3]}\nafter    x = Placeholder() {shape: [1,224,224,3]}',
	params: {
		name: string('the input', {
			missing: 'set_shape needs the name of an input: set_shape(name=x, shape="1,224,224,3")',
			subject: 'node',
		}),
		shape: string('sizes separated by commas', {
			missing: 'set_shape needs a shape: set_shape(name=x, shape="1,224,224,3")',
			subject: 'shape',
		}),
	},
	examples: ['set_shape(name=pnet/input, shape="1,12,12,3")'],
	seeAlso: ['freeze_input', 'extract'],

	apply({ graph, params, report }) {
		const target = inputNode(graph, params.name, 'set_shape');
		const shape = Attr.shape(readShape(params.shape));
		const old = target.attr('shape');
		if (old && Buffer.compare(old.bytes, shape.bytes) === 0)
			report.note(`\`${target.name}\` has that shape already`);
		let cleared = 0;
		const nodes = graph.nodes.map((node): Node => {
			const fresh = node.withoutAttr('_output_shapes');
			if (fresh !== node) cleared++;
			return node === target ? fresh.withAttr('shape', shape) : fresh;
		});
		if (cleared > 0) report.note(`cleared _output_shapes of ${cleared} node${cleared === 1 ? '' : 's'}`);
		return graph.with(nodes);
	},
});

/** `1,224,?,3` → sizes; `unknown` → null. @throws WhittleError `transform`. */
function readShape(text: string): readonly number[] | null {
	const body = text.trim().replace(/^\[|\]$/g, '');
	if (body === 'unknown') return null;
	if (body === '') return [];
	return body.split(',').map((piece) => {
		const size = piece.trim();
		if (size === '?' || size === '-1') return -1;
		if (/^\d+$/.test(size) && Number.isSafeInteger(Number(size))) return Number(size);
		throw new WhittleError('transform', `Could not read \`${size}\` in the shape "${text}" as a size`, {
			hint: `Write sizes separated by commas, ? for unknown.`,
		});
	});
}

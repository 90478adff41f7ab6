/**
 *   before   split, add(split, split:1, ^split)      rename_node(old_node_name=split, new_node_name=parts)
 *   after    parts, add(parts, parts:1, ^parts)
 */
import { WhittleError } from '../graph/error.ts';
import { inputParts } from '../graph/names.ts';
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';
import { string } from './parameters.ts';

const WRONG_NAMES =
	"rename_node expects exactly one 'old_node_name' and one 'new_node_name' argument, e.g. rename_node(old_attribute_name=super/deep/output, new_attribute_name=output)";
const exactlyOne = { missing: WRONG_NAMES, repeated: () => WRONG_NAMES, subject: 'node' } as const;

export default defineTransform({
	name: 'rename_node',
	summary: 'rename one node, and every input that names it',
	details: 'The names of outputs that were chosen for other transforms are not adjusted.',
	origin: 'tensorflow',
	loss: 'interface',
	picture: 'before   split, add(split, split:1, ^split)\nafter    parts, add(parts, parts:1, ^parts)',
	params: {
		old_node_name: string('the node', exactlyOne),
		new_node_name: string('its new name', exactlyOne),
	},
	examples: ['rename_node(old_node_name=super/deep/output, new_node_name=output)'],
	seeAlso: ['rename', 'obfuscate_names'],

	apply({ graph, inputs, outputs, params, report }) {
		const { old_node_name: from, new_node_name: to } = params;
		// The tool's own words, misspelt and without a blank before `as`.
		if (graph.has(to)) throw new WhittleError('transform', `A node is alreading using ${to}as name.`);
		if (to === '' && graph.has(from))
			throw new WhittleError('transform', 'A node needs a name: new_node_name is empty.');
		if (!graph.has(from)) report.note(`no node is called \`${from}\``);
		for (const given of [...inputs, ...outputs]) {
			if (inputParts(given).name === from) report.warn(`\`${given}\` is among the inputs and outputs`);
		}
		const nodes = graph.nodes.map((node) => {
			const named = node.name === from ? node.with({ name: to }) : node;
			if (!node.sources.includes(from)) return named;
			return named.with({
				inputs: node.inputs.map((input) => {
					const { prefix, name, suffix } = inputParts(input);
					return name === from ? prefix + to + suffix : input;
				}),
			});
		});
		return keepNodes(graph, nodes);
	},
});

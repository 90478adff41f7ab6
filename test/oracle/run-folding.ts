/**
 * Compares `fold_constants` with the live C++ tool on random graphs that fold: names, order, inputs, attributes,
 * values, and messages.
 *
 *     WHITTLE_PYTHON=… npx tsx test/oracle/run-folding.ts --count 1000 --seed 1
 *
 * Needs a Python that has TensorFlow 2.21; without one it says so and does nothing.
 */
import { parseArgs } from 'node:util';
import { readGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { WhittleError } from '../../src/graph/error.ts';
import { mulberry32 } from '../../src/graph/random.ts';
import { differenceOf } from '../goldens/difference.ts';
import { goldenNode, type Json } from '../goldens/golden-form.ts';
import { runTransforms, withoutHost } from '../goldens/run-transforms.ts';
import { choices } from './choices.ts';
import { randomFoldable } from './random-foldable.ts';
import { Tool } from './tool.ts';

const { values: options } = parseArgs({
	options: {
		count: { type: 'string', default: '1000' },
		seed: { type: 'string', default: '1' },
		/** Print so many differences. */
		show: { type: 'string', default: '5' },
		/** Print the graphs, too. */
		nodes: { type: 'boolean', default: false },
	},
});

const python = process.env.WHITTLE_PYTHON;
if (!python) {
	console.log('WHITTLE_PYTHON names no Python with TensorFlow: nothing was compared.');
	process.exit(0);
}
const tool = new Tool(python);
const counts = { graphs: 0, folded: 0, errors: 0, differences: 0 };
const first = Number(options.seed);
for (let seed = first; seed < first + Number(options.count); seed++) {
	const random = mulberry32(seed);
	const { graph, inputs, outputs } = randomFoldable(random);
	const pick = choices(random);
	const parameter = pick.one([
		'',
		'',
		'',
		'',
		'(max_constant_size_in_bytes=8)',
		'(exclude_op=Neg)',
		'(clear_output_shapes=false)',
	]);
	const invocation = {
		inputs: inputs.map((name) => (pick.chance(0.2) ? `${name}:0` : name)).join(','),
		outputs: outputs.join(','),
		transforms: `fold_constants${parameter}`,
	};
	const bytes = serializeGraphDef(graph);
	const answer = await tool.ask(bytes, invocation);
	const mine = runTransforms(readGraphDef(bytes), invocation);
	counts.graphs++;
	let difference: string | undefined;
	if ('error' in answer) {
		counts.errors++;
		const message = mine instanceof WhittleError ? mine.message : 'a graph';
		if (withoutHost(answer.error) !== withoutHost(message))
			difference = `expected the error\n    ${answer.error}\n  got\n    ${message}`;
	} else if ('graph' in answer) {
		const expected = readGraphDef(answer.graph);
		if (expected.nodes.some((node) => /__cf__/.test(node.name))) counts.folded++;
		if (mine instanceof WhittleError) difference = `expected a graph, got the error\n    ${mine.message}`;
		else {
			const [names, others] = [expected, mine].map((g) => g.nodes.map((node) => node.name).join(' '));
			if (names !== others) difference = `expected the nodes\n    ${names}\n  got\n    ${others}`;
			for (let i = 0; i < expected.nodes.length && !difference; i++) {
				const [right, left] = [expected, mine].map((g) => goldenNode(g.nodes[i]!) as Json);
				const found = differenceOf(right!, left!, false);
				if (found) difference = `node ${i} \`${expected.nodes[i]!.name}\`${found}`;
				else if (Buffer.compare(expected.nodes[i]!.extra, mine.nodes[i]!.extra) !== 0)
					difference = `node ${i} \`${expected.nodes[i]!.name}\`: experimental_type differs`;
			}
		}
	} else difference = undefined;
	if (!difference || counts.differences++ >= Number(options.show)) continue;
	console.log(`\nseed ${seed}: ${JSON.stringify(invocation)}\n  ${difference}`);
	if (!options.nodes) continue;
	for (const node of graph.nodes)
		console.log(
			`    ${node.name}:${node.op}(${node.inputs.join(', ')}) ${JSON.stringify(goldenNode(node).attr ?? {})}`,
		);
}
tool.stop();
const { graphs, folded, errors, differences } = counts;
console.log(
	`${graphs} graphs from seed ${first}, ${folded} folded: ${differences} differences; the tool refused ${errors}`,
);
process.exitCode = differences > 0 ? 1 : 0;
